//! Sockets, threads and a real clock: the only crate with them.
//!
//! [`Engine`] is what the process has: a control half on the caller's thread ([`control`]), shards on threads of their own
//! ([`thread`]), one UDP port under all of them ([`net`]) and one for TCP ([`tcp`]), and a queue of events back ([`events`]).
//! What is decided, is decided in the pure parts; this crate moves bytes and asks the time. No call of the caller waits for a
//! shard, and a shard waits for nobody: between them there are queues without a lock, and counters that it writes down when
//! nobody is reading them. The kernel doesn't know whose a datagram is, so the shard that gets it hands it to the one that it
//! belongs to ([`neighbours`]).

pub mod control;
pub mod delay;
mod engine;
pub mod events;
mod flag;
mod handover;
mod neighbours;
pub mod net;
mod probe;
mod shards;
mod sys;
pub mod tcp;
pub mod thread;
mod watch;

pub use control::{Accepted, Answer, Control, Error, Handle, Negotiation, ReceivingSection, Role};
pub use engine::{Engine, Event, Listening, PEOPLE_PER_SHARD};
pub use folkmoot_sdp::{Candidate, Transport};
pub use folkmoot_sfu::{UplinkLimit, Wish};
