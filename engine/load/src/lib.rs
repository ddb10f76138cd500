//! Load generators, each a program of its own: they speak protocols of clients, and know nothing of how a server works.

pub mod arrivals;
mod dial;
pub mod floor;
pub mod forwarding;
mod signal;
