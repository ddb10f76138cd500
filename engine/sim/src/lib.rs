//! Whole rooms in virtual time, with str0m as an independent client.
