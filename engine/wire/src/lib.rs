//! RTP, RTCP, header extensions, codec descriptors and frames in a stream: parse and write, no state but half a frame.
//!
//! Law: every function here takes bytes from the network and answers `None` or a bounded value; it never panics, never
//! allocates more than the input is long, and never trusts a length it has not checked.
#![forbid(unsafe_code)]

pub mod av1;
pub mod data_track;
pub mod dependency;
pub mod ext;
pub mod framed;
pub mod h264;
pub mod red;
pub mod rtcp;
pub mod rtp;
pub mod twcc;
pub mod vp8;
pub mod vp9;

pub use rtp::RtpHeader;
