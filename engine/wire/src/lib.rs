//! RTP, RTCP, header extensions and codec descriptors: parse and write, no state.
//!
//! Law: every function here takes bytes from the network and answers `None` or a bounded value; it never panics, never
//! allocates more than the input is long, and never trusts a length it has not checked.
#![forbid(unsafe_code)]

pub mod av1;
pub mod ext;
pub mod h264;
pub mod rtcp;
pub mod rtp;
pub mod twcc;
pub mod vp8;
pub mod vp9;

pub use rtp::RtpHeader;
