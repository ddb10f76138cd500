//! SRTP and SRTCP (RFC 3711, RFC 7714) on aws-lc, with replay windows.
//!
//! Law: one key has one writer. [`Tx`] takes the extended sequence number from its caller and never repeats an SRTCP index;
//! whoever owns a `Tx` must never seal two different packets with the same SSRC and extended sequence number.
//! [`Rx`] makes no state for what does not authenticate.
#![forbid(unsafe_code)]

mod keys;
mod rx;
mod suite;
mod tx;

pub use keys::{KeySalt, Keys, Profile};
pub use rx::Rx;
pub use tx::Tx;

/// Most bytes a sealed RTP packet grows by.
pub const MAX_RTP_OVERHEAD: usize = 16;
/// Most bytes a sealed RTCP packet grows by.
pub const MAX_RTCP_OVERHEAD: usize = 20;

/// Why a packet was not opened. All of them mean: drop it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Too short to be what it claims.
    Malformed,
    /// Seen before, or too old to tell.
    Replayed,
    /// The tag is not of this key.
    Unauthentic,
    /// More sources than one peer may have.
    TooManySources,
}

#[cfg(test)]
mod tests;
