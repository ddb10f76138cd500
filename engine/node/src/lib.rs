//! Sockets, threads and a real clock: the only crate with them.
//!
//! [`Engine`] is what the process has: a control half on the caller's thread ([`control`]), a shard on a thread of its
//! own ([`thread`]), one UDP socket under it ([`net`]) and one for TCP ([`tcp`]), and a queue of events back ([`events`]). What
//! is decided, is decided in the pure parts; this crate moves bytes and asks the time. No call of the caller waits for the
//! shard, and the shard waits for nobody: between the two there are queues without a lock, and counters that it writes down
//! when nobody is reading them.

pub mod control;
mod engine;
pub mod events;
mod flag;
pub mod net;
mod probe;
mod sys;
pub mod tcp;
pub mod thread;

pub use control::{Accepted, Answer, Control, Error, Handle, Negotiation, ReceivingSection, Role};
pub use engine::{Engine, Event};
pub use folkmoot_sdp::{Candidate, Transport};
pub use folkmoot_sfu::{UplinkLimit, Wish};
