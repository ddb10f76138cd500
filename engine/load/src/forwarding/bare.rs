//! One person at the floor: no signalling, no handshake, keys that everybody knows. Says who it is, then sends or counts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use folkmoot_srtp::MAX_RTP_OVERHEAD;
use folkmoot_wire::rtp::{self, FIXED_LEN, RtpHeader};
use tokio::net::UdpSocket;
use tokio::time::sleep_until;

use super::media::Source;
use super::tally::{Heard, Tally};
use super::{Options, Person, floor};
use crate::floor::{Greeting, Stream, clients_keys};

const GREET_EVERY: Duration = Duration::from_secs(1);
const LARGEST: usize = 2048;

/// Sends and receives until the program ends.
pub async fn attend(options: &Options, person: Person, tally: &Arc<Tally>) -> Result<(), String> {
    let socket = UdpSocket::bind((options.from, 0)).await.map_err(|e| e.to_string())?;
    socket.connect(floor(options)?).await.map_err(|e| e.to_string())?;
    let each = person.sends.pictures + person.sends.voices;
    let of = each * options.senders.max(options.mesh.unwrap_or(1));
    let streams = person.sends.streams().enumerate();
    let sources =
        streams.map(|(n, picture)| Source::new(options, picture, person.number * each + n as u32, of)).collect();
    if each > 0 {
        tally.sends();
    }
    Seat { socket, person, sources, heard: vec![None; 1 << 16], tally: tally.clone() }.stay().await
}

struct Seat {
    socket: UdpSocket,
    person: Person,
    sources: Vec<Source>,
    heard: Vec<Option<Heard>>,
    tally: Arc<Tally>,
}

impl Seat {
    async fn stay(mut self) -> Result<(), String> {
        let tx = clients_keys();
        let mut greet = Instant::now();
        loop {
            let now = Instant::now();
            if greet <= now && self.person.receives {
                let greeting = Greeting { room: self.person.room as u16, person: self.person.number as u16 };
                let _ = self.socket.try_send(&greeting.encode());
            }
            if greet <= now {
                greet = now + GREET_EVERY;
            }
            for (n, source) in self.sources.iter_mut().enumerate() {
                let stream =
                    Stream { room: self.person.room as u16, person: self.person.number as u16, number: n as u8 };
                for packet in source.due(now) {
                    let mut out = vec![0; FIXED_LEN];
                    let pt = if source.is_picture { 96 } else { 111 };
                    let fixed = out.first_chunk_mut().expect("as long");
                    rtp::write_fixed(
                        fixed,
                        packet.marker,
                        false,
                        pt,
                        packet.seq as u16,
                        packet.timestamp,
                        stream.ssrc(),
                    );
                    out.extend_from_slice(&packet.payload);
                    let len = out.len();
                    out.resize(len + MAX_RTP_OVERHEAD, 0);
                    let sealed = tx.seal_rtp(&mut out, FIXED_LEN, len, stream.ssrc(), packet.seq);
                    let _ = self.socket.try_send(&out[..sealed]);
                    self.tally.sent(1);
                }
            }
            let due = self.sources.iter().map(|source| source.next).fold(greet, Instant::min);
            tokio::select! {
                _ = self.socket.readable() => {}
                () = sleep_until(due.into()) => {}
            }
            self.take();
        }
    }

    fn take(&mut self) {
        let mut buffer = [0; LARGEST];
        while let Ok(n) = self.socket.try_recv(&mut buffer) {
            let Some(header) = RtpHeader::parse(&buffer[..n]) else { continue };
            let heard = &mut self.heard[Stream::place(header.ssrc)];
            let number = heard.map_or(u64::from(header.sequence), |heard| heard.extend(header.sequence));
            self.tally.received(heard, number, n);
        }
    }
}
