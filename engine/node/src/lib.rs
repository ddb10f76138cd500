//! Sockets, threads and a real clock: the only crate with them.
