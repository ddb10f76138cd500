//! Datagrams for one receiver, gathered into runs that the kernel can cut by itself (UDP GSO).
//!
//! A run is datagrams of one size, of which only the last may be shorter. Buffers keep their size, so a warm run allocates
//! nothing.

use std::ops::Range;

use folkmoot_peer::Path;

/// Where datagrams go.
pub trait Egress {
    /// Queues `bytes`, datagrams of `segment` bytes each (the last may be shorter), for `to`.
    fn push(&mut self, to: Path, segment: usize, bytes: &[u8]);

    /// Sends many such runs, behind all that is queued, from where they are.
    fn send<'a>(&mut self, runs: impl Iterator<Item = (Path, usize, &'a [u8])> + Clone) {
        runs.for_each(|(to, segment, bytes)| self.push(to, segment, bytes));
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Run {
    bytes: Vec<u8>,
    used: usize,
    closed: Vec<(Range<usize>, usize)>,
    start: usize,
    /// Size of the datagrams of the open run; 0: none is open.
    segment: usize,
}

impl Run {
    /// Adds the datagram that `write` puts at the start of a buffer of `room` bytes; 0 for none. How long it is.
    pub(crate) fn push(&mut self, room: usize, write: impl FnOnce(&mut [u8]) -> usize) -> usize {
        if self.bytes.len() < self.used + room {
            self.bytes.resize((self.used + room).next_power_of_two(), 0);
        }
        let len = write(&mut self.bytes[self.used..self.used + room]);
        if len == 0 {
            return 0;
        }
        if self.segment != 0 && len > self.segment {
            self.close();
        }
        if self.segment == 0 {
            self.segment = len;
        }
        self.used += len;
        if len < self.segment {
            self.close();
        }
        len
    }

    /// What comes next begins another run.
    pub(crate) fn close(&mut self) {
        if self.segment != 0 {
            self.closed.push((self.start..self.used, self.segment));
            self.segment = 0;
        }
        self.start = self.used;
    }

    /// All closed runs; none while there is no address yet.
    pub(crate) fn runs(&self, to: Option<Path>) -> impl Iterator<Item = (Path, usize, &[u8])> + Clone {
        let closed = to.map(|to| self.closed.iter().map(move |(range, segment)| (to, *segment, range.clone())));
        closed.into_iter().flatten().map(|(to, segment, range)| (to, segment, &self.bytes[range]))
    }

    /// Forgets them.
    pub(crate) fn clear(&mut self) {
        self.closed.clear();
        self.used = 0;
        self.start = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Sent(Vec<(usize, usize)>);

    impl Egress for Sent {
        fn push(&mut self, _: Path, segment: usize, bytes: &[u8]) {
            self.0.push((segment, bytes.len()));
        }
    }

    fn somewhere() -> Path {
        Path::udp(([192, 0, 2, 1], 9).into())
    }

    fn runs(sizes: &[usize]) -> Vec<(usize, usize)> {
        let mut run = Run::default();
        for size in sizes {
            run.push(1500, |_| *size);
        }
        let mut sent = Sent::default();
        run.close();
        sent.send(run.runs(Some(somewhere())));
        run.clear();
        sent.send(run.runs(Some(somewhere())));
        sent.0
    }

    #[test]
    fn equal_datagrams_are_one_run_that_a_shorter_one_ends() {
        assert_eq!(runs(&[1100, 1100, 1100, 300]), [(1100, 3600)]);
        assert_eq!(runs(&[1100, 300, 300, 1100]), [(1100, 1400), (300, 300), (1100, 1100)]);
        assert_eq!(runs(&[300, 1100]), [(300, 300), (1100, 1100)]);
    }

    #[test]
    fn nothing_written_is_nothing_sent() {
        assert_eq!(runs(&[0, 0]), []);
        assert_eq!(runs(&[]), []);
        let mut run = Run::default();
        run.push(10, |_| 10);
        run.close();
        assert_eq!(run.runs(None).count(), 0);
        run.clear();
        assert_eq!(run.runs(Some(somewhere())).count(), 0);
    }
}
