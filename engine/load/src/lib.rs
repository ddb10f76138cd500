//! What the load generators share, and the scenes that want real sockets and threads.

pub mod client;
pub mod crowd;
