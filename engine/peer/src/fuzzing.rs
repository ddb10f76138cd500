//! What fuzzers reach of the inside: data channels without the DTLS around them.

use std::collections::VecDeque;
use std::time::Instant;

use bytes::Bytes;

use crate::channels;
use crate::channels::ChannelSpec;
use crate::dcep::Message;
use crate::event::ControlOutput;

/// A channel request that is read reads again as it was written.
pub fn dcep(bytes: &[u8]) {
    if let Some(Message::Open(open)) = Message::parse(bytes) {
        assert_eq!(Message::parse(&open.write()), Some(Message::Open(open)));
    }
}

/// The server's side of SCTP and its channels.
pub struct Channels(channels::Channels);

impl Default for Channels {
    fn default() -> Self {
        Self(channels::Channels::new(ChannelSpec::livekit()))
    }
}

impl Channels {
    /// A packet out of DTLS; what it makes us send, and how much it made us tell.
    pub fn handle(&mut self, now: Instant, packet: Bytes) -> (Vec<Bytes>, usize) {
        self.0.handle(now, packet);
        self.poll(now)
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) -> (Vec<Bytes>, usize) {
        self.0.handle_timeout(now);
        self.poll(now)
    }

    /// Sends a message, if there is such a channel.
    pub fn send(&mut self, now: Instant, id: u16, data: &[u8]) -> Vec<Bytes> {
        let _ = self.0.send(id, true, data);
        self.poll(now).0
    }

    fn poll(&mut self, now: Instant) -> (Vec<Bytes>, usize) {
        let (mut out, mut packets) = (VecDeque::<ControlOutput>::new(), Vec::new());
        self.0.poll(now, &mut out, &mut packets);
        (packets, out.len())
    }
}
