//! Load generators, each a program of its own that speaks a protocol of clients and knows nothing of how a server works; and
//! the scenes that want real sockets and threads.

pub mod arrivals;
pub mod client;
pub mod crowd;
mod dial;
pub mod floor;
pub mod forwarding;
mod signal;
