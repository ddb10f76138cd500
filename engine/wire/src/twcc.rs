//! Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01): what arrived when.

use crate::rtcp;

/// Arrivals kept between two feedback packets; older ones are forgotten.
const CAPACITY: usize = 1024;
/// One unit of an arrival delta.
const DELTA_MICROS: i64 = 250;
/// One unit of the reference time.
const REFERENCE_MICROS: i64 = 64_000;

/// Remembers arrivals and writes them down.
#[derive(Debug)]
pub struct Recorder {
    /// Arrival in microseconds by unwrapped sequence modulo the capacity; `i64::MIN` for none.
    arrivals: Box<[i64; CAPACITY]>,
    /// First sequence not yet reported.
    next: Option<i64>,
    /// Highest sequence seen.
    highest: i64,
    count: u8,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { arrivals: Box::new([i64::MIN; CAPACITY]), next: None, highest: 0, count: 0 }
    }
}

impl Recorder {
    /// Notes that the packet with this transport-wide number arrived `micros` after an origin of the caller's choice.
    pub fn arrived(&mut self, sequence: u16, micros: i64) {
        let seq = match self.next {
            None => {
                self.next = Some(i64::from(sequence));
                self.highest = i64::from(sequence);
                i64::from(sequence)
            }
            Some(_) => self.highest + i64::from(sequence.wrapping_sub(self.highest as u16) as i16),
        };
        if seq <= self.highest - CAPACITY as i64 || seq < 0 {
            return;
        }
        if seq > self.highest {
            let from = (self.highest + 1).max(seq - CAPACITY as i64 + 1);
            for gap in from..=seq {
                self.arrivals[gap as usize % CAPACITY] = i64::MIN;
            }
            self.highest = seq;
        }
        self.arrivals[seq as usize % CAPACITY] = micros;
        // A late packet of an earlier report is reported again with what follows it.
        self.next = self.next.map(|next| next.min(seq));
    }

    /// Whether anything new arrived since the last [`Recorder::write`].
    pub fn has_news(&self) -> bool {
        self.next.is_some_and(|next| next <= self.highest)
    }

    /// Appends one feedback packet on all that is new; nothing when nothing is.
    pub fn write(&mut self, out: &mut Vec<u8>, sender: u32, media: u32) {
        let Some(next) = self.next else { return };
        let oldest = self.highest - CAPACITY as i64 + 1;
        let Some(first) = (next.max(oldest)..=self.highest).find(|s| self.at(*s) != i64::MIN) else { return };
        let reference = self.at(first).div_euclid(REFERENCE_MICROS);
        let mut body = Vec::with_capacity(64);
        let mut symbols = Vec::with_capacity((self.highest - first + 1) as usize);
        let mut deltas = Vec::with_capacity(symbols.capacity() * 2);
        let mut last = reference * REFERENCE_MICROS / DELTA_MICROS;
        let mut end = first;
        for seq in first..=self.highest {
            let at = self.at(seq);
            if at == i64::MIN {
                symbols.push(0u8);
            } else {
                let ticks = at.div_euclid(DELTA_MICROS);
                let delta = ticks - last;
                if let Ok(small) = u8::try_from(delta) {
                    symbols.push(1);
                    deltas.push(small);
                } else if let Ok(large) = i16::try_from(delta) {
                    symbols.push(2);
                    deltas.extend_from_slice(&large.to_be_bytes());
                } else {
                    break; // more than eight seconds apart: the next report has a reference of its own
                }
                last = ticks;
            }
            end = seq + 1;
        }
        body.extend_from_slice(&(first as u16).to_be_bytes());
        body.extend_from_slice(&(symbols.len() as u16).to_be_bytes());
        body.extend_from_slice(&(reference as u32 & 0x00ff_ffff).to_be_bytes()[1..]);
        body.push(self.count);
        write_chunks(&mut body, &symbols);
        body.extend_from_slice(&deltas);
        rtcp::write_transport_cc(out, sender, media, &body);
        self.count = self.count.wrapping_add(1);
        self.next = Some(end);
    }

    fn at(&self, seq: i64) -> i64 {
        self.arrivals[seq as usize % CAPACITY]
    }
}

/// Packet status chunks: runs where they pay, else vectors of seven two-bit symbols.
fn write_chunks(body: &mut Vec<u8>, symbols: &[u8]) {
    let mut rest = symbols;
    while let Some(&symbol) = rest.first() {
        let run = rest.iter().take_while(|s| **s == symbol).count().min(8191);
        let chunk = if run >= 7 || run == rest.len() {
            rest = &rest[run..];
            u16::from(symbol) << 13 | run as u16
        } else {
            let n = rest.len().min(7);
            let vector = (0..7).fold(0u16, |v, i| v << 2 | u16::from(rest.get(i).copied().unwrap_or(0)));
            rest = &rest[n..];
            0xc000 | vector
        };
        body.extend_from_slice(&chunk.to_be_bytes());
    }
}

/// The most numbers that one feedback body may tell of.
const MOST: usize = 8192;

/// Reads a feedback body (behind the two SSRCs) as `(sequence, arrival in microseconds or None)`; at most 8192 entries.
pub fn read(body: &[u8]) -> Option<Vec<(u16, Option<i64>)>> {
    let arrivals = arrivals(body)?;
    let count = arrivals.left;
    let read: Vec<_> = arrivals.collect();
    (read.len() == count).then_some(read)
}

/// The same entry by entry, without memory: it ends early where the body does.
pub fn arrivals(body: &[u8]) -> Option<Arrivals<'_>> {
    let base = u16::from_be_bytes(body.get(..2)?.try_into().ok()?);
    let count = usize::from(u16::from_be_bytes(body.get(2..4)?.try_into().ok()?));
    let reference = i64::from(u32::from_be_bytes([0, *body.get(4)?, *body.get(5)?, *body.get(6)?]));
    let chunks = body.get(8..).filter(|_| count <= MOST)?;
    let mut deltas = chunks;
    let mut told = 0;
    while told < count {
        told += Chunk::read(&mut deltas)?.left;
    }
    let chunk = Chunk { symbols: 0, bits: 0, left: 0 };
    Some(Arrivals { chunks, deltas, chunk, next: base, left: count, at: reference * REFERENCE_MICROS })
}

/// See [`arrivals`].
#[derive(Clone, Debug)]
pub struct Arrivals<'a> {
    chunks: &'a [u8],
    deltas: &'a [u8],
    chunk: Chunk,
    next: u16,
    left: usize,
    at: i64,
}

impl Arrivals<'_> {
    /// How many numbers are still to be told of.
    pub fn remaining(&self) -> usize {
        self.left
    }

    fn symbol(&mut self) -> Option<u8> {
        while self.chunk.left == 0 {
            self.chunk = Chunk::read(&mut self.chunks)?;
        }
        self.chunk.left -= 1;
        let Chunk { symbols, bits, left } = self.chunk;
        let mask = if bits == 1 { 1 } else { 3 };
        Some((symbols >> (usize::from(bits) * left)) as u8 & mask)
    }

    fn delta(&mut self, symbol: u8) -> Option<i64> {
        let (delta, rest) = match symbol {
            1 => self.deltas.split_first().map(|(delta, rest)| (i64::from(*delta), rest))?,
            _ => self.deltas.split_first_chunk().map(|(delta, rest)| (i64::from(i16::from_be_bytes(*delta)), rest))?,
        };
        self.deltas = rest;
        Some(delta * DELTA_MICROS)
    }
}

impl Iterator for Arrivals<'_> {
    type Item = (u16, Option<i64>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let symbol = self.symbol()?;
        let arrived = match symbol {
            1 | 2 => {
                self.at += self.delta(symbol)?;
                Some(self.at)
            }
            _ => None,
        };
        let seq = self.next;
        self.next = seq.wrapping_add(1);
        Some((seq, arrived))
    }
}

/// A packet status chunk: a run of one symbol (`bits` 0), or a vector of them, the first in the highest bits.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    symbols: u16,
    bits: u8,
    left: usize,
}

impl Chunk {
    fn read(from: &mut &[u8]) -> Option<Self> {
        let (chunk, rest) = from.split_first_chunk()?;
        *from = rest;
        let chunk = u16::from_be_bytes(*chunk);
        Some(match chunk >> 14 {
            0 | 1 => Self { symbols: chunk >> 13, bits: 0, left: usize::from(chunk & 0x1fff).max(1) },
            2 => Self { symbols: chunk & 0x3fff, bits: 1, left: 14 },
            _ => Self { symbols: chunk & 0x3fff, bits: 2, left: 7 },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rtcp::{Packet, packets};

    fn report(recorder: &mut Recorder) -> Vec<(u16, Option<i64>)> {
        let mut out = Vec::new();
        recorder.write(&mut out, 1, 2);
        assert_eq!(out.len() % 4, 0);
        let Some(Packet::TransportCc(body)) = packets(&out).next() else { panic!("no feedback") };
        read(body).unwrap()
    }

    #[test]
    fn losses_wraps_and_late_packets_are_told() {
        let mut recorder = Recorder::default();
        recorder.arrived(65_534, 1_000_000);
        recorder.arrived(65_535, 1_002_000);
        recorder.arrived(2, 1_500_000);
        let told = report(&mut recorder);
        let seqs: Vec<_> = told.iter().map(|(s, at)| (*s, at.is_some())).collect();
        assert_eq!(seqs, vec![(65_534, true), (65_535, true), (0, false), (1, false), (2, true)]);
        assert_eq!(told[4].1.unwrap() - told[0].1.unwrap(), 500_000);
        assert!(!recorder.has_news());
        recorder.arrived(1, 1_600_000);
        assert_eq!(report(&mut recorder).iter().map(|(s, _)| *s).collect::<Vec<_>>(), vec![1, 2]);
    }

    #[test]
    fn a_jump_over_the_whole_memory_is_survived() {
        let mut recorder = Recorder::default();
        recorder.arrived(0, 0);
        recorder.arrived(30_000, 9_000_000);
        recorder.arrived(30_001, 9_000_250);
        assert_eq!(report(&mut recorder).first().map(|(s, _)| *s), Some(30_000));
    }
}
