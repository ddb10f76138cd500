//! Rooms, layers, subscriptions, forwarding decisions; no I/O.
