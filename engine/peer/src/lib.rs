//! One connection: ICE-lite, DTLS 1.2 (always its server), SCTP and data channels, composed, sans I/O, over whichever
//! [`Path`] the client nominates.
//!
//! Law: after every call that takes `&mut self`, drain [`ControlPeer::poll_output`] until `None`; then call
//! [`ControlPeer::handle_timeout`] no later than [`ControlPeer::deadline`]. Time is an argument, and never runs back.
//!
//! Invariants: what a stranger sends makes no state before STUN has authenticated it, and DTLS is taken from authenticated
//! paths only. No data and no keys come out before the client's certificate was found to be the announced one. After
//! [`ControlEvent::Closed`] the peer takes nothing more in and has no deadline: drop it.
#![forbid(unsafe_code)]

mod channels;
mod dcep;
mod event;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod ice;
mod identity;
mod path;
mod peer;
mod pieces;

pub use channels::ChannelSpec;
pub use event::{CloseReason, ControlEvent, ControlOutput, SendError};
pub use ice::stun_local_ufrag;
pub use identity::{Identity, IdentityError};
pub use path::{Local, Path};
pub use peer::{ControlConfig, ControlPeer};
