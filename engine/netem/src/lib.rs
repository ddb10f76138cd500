//! Seeded bad networks in virtual time.
