//! The floor: the least that forwarding can cost with the system calls there are. The same packets come, are opened, get
//! another header, are sealed for each receiver and leave, by a bare loop: no sessions, no feedback, no memory of packets,
//! no choice of anything. What a server costs beyond it is what it does for people.
//!
//! It gathers what comes within a millisecond when it is busy, as the server does, so that both have runs of one length.
//! Keys are known to everybody: it is a ruler, and carries nobody's words.

mod batches;

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use clap::Parser;
use folkmoot_srtp::{KeySalt, MAX_RTP_OVERHEAD, Profile, Rx, Tx};
use folkmoot_wire::rtp::{self, FIXED_LEN, RtpHeader};

use batches::{Receiving, Run, Sending, wait};

const GATHER: Duration = Duration::from_millis(1);
/// As the server: above so many datagrams in so long it gathers.
const BUSY: (usize, Duration) = (150, Duration::from_millis(100));
const PROFILE: Profile = Profile::AeadAes128Gcm;

#[derive(Debug, Parser)]
#[command(name = "folkmoot-floor")]
struct Options {
    /// Where it listens.
    #[arg(long, default_value = "127.0.0.1:7999")]
    listen: SocketAddr,
}

/// Who somebody is, said by a datagram that is no RTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    pub(crate) room: u16,
    pub(crate) person: u16,
}

impl Greeting {
    pub(crate) fn encode(self) -> [u8; 5] {
        let ([a, b], [c, d]) = (self.room.to_be_bytes(), self.person.to_be_bytes());
        [0, a, b, c, d]
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let [0, a, b, c, d] = *bytes else { return None };
        Some(Self { room: u16::from_be_bytes([a, b]), person: u16::from_be_bytes([c, d]) })
    }
}

/// Whose stream it is, said by its SSRC: 12 bits of the room, 12 of the person, 8 of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    pub(crate) room: u16,
    pub(crate) person: u16,
    pub(crate) number: u8,
}

impl Stream {
    pub(crate) fn ssrc(self) -> u32 {
        u32::from(self.room) << 20 | u32::from(self.person & 0xfff) << 8 | u32::from(self.number)
    }

    fn of(ssrc: u32) -> Self {
        Self { room: (ssrc >> 20) as u16, person: (ssrc >> 8 & 0xfff) as u16, number: ssrc as u8 }
    }

    /// Within its room.
    pub(crate) fn place(ssrc: u32) -> usize {
        (ssrc & 0xffff) as usize
    }
}

/// What clients seal with.
pub(crate) fn clients_keys() -> Tx {
    Tx::new(PROFILE, &keys(1))
}

fn keys(n: u8) -> KeySalt {
    let (key, salt) = PROFILE.lengths();
    KeySalt { key: vec![n; key], salt: vec![n; salt] }
}

/// The program.
pub fn main() {
    let socket = UdpSocket::bind(Options::parse().listen).expect("a free port");
    Floor::new(socket).run();
}

struct Receiver {
    to: SocketAddr,
    person: u16,
    tx: Tx,
    bytes: Vec<u8>,
    runs: Vec<Run>,
}

struct Floor {
    socket: UdpSocket,
    receiving: Receiving,
    sending: Sending,
    opening: HashMap<SocketAddr, Rx>,
    rooms: Vec<Vec<Receiver>>,
    window: (Instant, usize),
    busy: bool,
}

impl Floor {
    fn new(socket: UdpSocket) -> Self {
        batches::prepare(&socket);
        let (receiving, sending) = (Receiving::new(), Sending::default());
        let rooms = std::iter::repeat_with(Vec::new).take(1 << 12).collect();
        Self { socket, receiving, sending, opening: HashMap::new(), rooms, window: (Instant::now(), 0), busy: false }
    }

    fn run(mut self) {
        loop {
            wait(&self.socket);
            if self.busy {
                std::thread::sleep(GATHER);
            }
            loop {
                let came = self.receiving.receive(&self.socket);
                for i in 0..came {
                    self.take(i);
                }
                if came < batches::BATCH {
                    break;
                }
            }
            let receivers = self.rooms.iter().flatten();
            let runs = receivers.flat_map(|r| r.runs.iter().map(|run| (r.to, r.bytes.as_slice(), *run)));
            let sent = self.sending.send(&self.socket, runs);
            for receiver in self.rooms.iter_mut().flatten() {
                receiver.bytes.clear();
                receiver.runs.clear();
            }
            self.note(sent);
        }
    }

    fn note(&mut self, sent: usize) {
        self.window.1 += sent;
        if self.window.0.elapsed() >= BUSY.1 {
            self.busy = self.window.1 > BUSY.0;
            self.window = (Instant::now(), 0);
        }
    }

    fn take(&mut self, i: usize) {
        let (from, datagram) = self.receiving.datagram(i);
        if let Some(greeting) = Greeting::decode(datagram) {
            self.greet(from, greeting);
            return;
        }
        let Some(header) = RtpHeader::parse(datagram) else { return };
        let rx = self.opening.entry(from).or_insert_with(|| Rx::new(PROFILE, &keys(1)));
        let Ok((len, index)) = rx.open_rtp(datagram, &header) else { return };
        let payload = &datagram[FIXED_LEN..len];
        let stream = Stream::of(header.ssrc);
        for receiver in &mut self.rooms[usize::from(stream.room)] {
            if receiver.person != stream.person {
                receiver.forward(&header, index, payload);
            }
        }
    }

    fn greet(&mut self, to: SocketAddr, Greeting { room, person }: Greeting) {
        let Some(room) = self.rooms.get_mut(usize::from(room)) else { return };
        if room.iter().all(|receiver| receiver.to != to) {
            let tx = Tx::new(PROFILE, &keys(2));
            room.push(Receiver { to, person, tx, bytes: Vec::with_capacity(1 << 16), runs: Vec::new() });
        }
    }
}

impl Receiver {
    fn forward(&mut self, header: &RtpHeader, index: u64, payload: &[u8]) {
        let start = self.bytes.len();
        let len = FIXED_LEN + payload.len();
        self.bytes.resize(start + len + MAX_RTP_OVERHEAD, 0);
        let out = &mut self.bytes[start..];
        let (fixed, rest) = out.split_first_chunk_mut().expect("as long");
        let pt = header.payload_type;
        rtp::write_fixed(fixed, header.marker, false, pt, header.sequence, header.timestamp, header.ssrc);
        rest[..payload.len()].copy_from_slice(payload);
        let sealed = self.tx.seal_rtp(out, FIXED_LEN, len, header.ssrc, index);
        self.bytes.truncate(start + sealed);
        match self.runs.last_mut() {
            Some(run) if run.takes(sealed) => run.add(sealed),
            _ => self.runs.push(Run::new(start, sealed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_somebody_is_is_read_as_it_was_written() {
        let greeting = Greeting { room: 7, person: 300 };
        assert_eq!(Greeting::decode(&greeting.encode()), Some(greeting));
        assert_eq!(Greeting::decode(&[0x80; 5]), None);
        let stream = Stream { room: 20, person: 300, number: 4 };
        assert_eq!(Stream::of(stream.ssrc()), stream);
    }
}
