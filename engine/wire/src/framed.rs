//! Datagrams in a stream of bytes: two bytes of length before each (RFC 4571), as ICE over TCP carries them (RFC 6544).
//!
//! Law: what is held back is the beginning of one frame and nothing else, so a sender who never ends one costs
//! [`MAX_FRAME`] bytes, and one who ends many costs none. After [`TooLong`] the stream has no meaning: close it.

/// No datagram of ours is longer: media and DTLS stay below 1,500 bytes.
pub const MAX_FRAME: usize = 2048;
/// The length before each frame.
pub const HEADER: usize = 2;

/// A frame was announced that is no datagram of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// Finds the frames in a stream that comes in pieces of any size.
#[derive(Debug, Default)]
pub struct Deframer {
    held: Vec<u8>,
}

impl Deframer {
    /// The next piece. Hands each frame that it completes to `each`, mostly where it lies, and stops at the first refusal.
    /// Frames without content (RFC 4571 allows them) are left out.
    pub fn take<E: From<TooLong>>(
        &mut self,
        bytes: &mut [u8],
        mut each: impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut at = self.complete_held(bytes, &mut each)?;
        while let Some(len) = announced(&bytes[at..])? {
            let start = at + HEADER;
            let Some(frame) = bytes.get_mut(start..start + len) else { break };
            if !frame.is_empty() {
                each(frame)?;
            }
            at = start + len;
        }
        self.held.extend_from_slice(&bytes[at..]);
        Ok(())
    }

    /// How many bytes wait for the rest of their frame.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Goes on with the frame that was begun; how many of `bytes` that took.
    fn complete_held<E: From<TooLong>>(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&mut [u8]) -> Result<(), E>,
    ) -> Result<usize, E> {
        let mut at = 0;
        while !self.held.is_empty() {
            let wanted = announced(&self.held)?.map_or(HEADER, |len| HEADER + len);
            let n = (wanted - self.held.len()).min(bytes.len() - at);
            self.held.reserve_exact(n);
            self.held.extend_from_slice(&bytes[at..at + n]);
            at += n;
            // With its second byte the length is known, and it may be 0.
            if announced(&self.held)?.is_some_and(|len| self.held.len() == HEADER + len) {
                let outcome = if self.held.len() > HEADER { each(&mut self.held[HEADER..]) } else { Ok(()) };
                self.held.clear();
                outcome?;
            } else if at == bytes.len() {
                break;
            }
        }
        Ok(at)
    }
}

/// The length in front of a frame, once it is there.
fn announced(bytes: &[u8]) -> Result<Option<usize>, TooLong> {
    let Some(header) = bytes.first_chunk::<HEADER>() else { return Ok(None) };
    let len = usize::from(u16::from_be_bytes(*header));
    if len > MAX_FRAME { Err(TooLong) } else { Ok(Some(len)) }
}

/// Appends `datagram` as a frame. It is no longer than [`MAX_FRAME`].
pub fn write(to: &mut Vec<u8>, datagram: &[u8]) {
    debug_assert!(datagram.len() <= MAX_FRAME);
    to.extend_from_slice(&(datagram.len() as u16).to_be_bytes());
    to.extend_from_slice(datagram);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(frames: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        for frame in frames {
            write(&mut out, frame);
        }
        out
    }

    /// What comes out of a stream cut every `piece` bytes.
    fn cut(stream: &[u8], piece: usize) -> Result<Vec<Vec<u8>>, TooLong> {
        let mut deframer = Deframer::default();
        let mut found = Vec::new();
        for piece in stream.chunks(piece) {
            deframer.take(&mut piece.to_vec(), |frame| {
                found.push(frame.to_vec());
                Ok(())
            })?;
            assert!(deframer.held() < HEADER + MAX_FRAME && deframer.held.capacity() <= 2 * MAX_FRAME);
        }
        Ok(found)
    }

    #[test]
    fn frames_come_out_whole_however_the_network_cuts_the_stream() {
        let long = vec![7; MAX_FRAME];
        let sent: [&[u8]; 5] = [b"a", &long, b"", b"bc", &[9; 255]];
        let stream = stream(&sent);
        for piece in [1, 2, 3, 5, 256, 257, 1460, stream.len()] {
            let got = cut(&stream, piece).expect("none is too long");
            assert_eq!(got, [&b"a"[..], &long, b"bc", &[9; 255]], "cut every {piece}");
        }
    }

    #[test]
    fn a_frame_that_nobody_sends_us_ends_the_stream_before_any_of_it_is_kept() {
        let mut deframer = Deframer::default();
        let mut bytes = [&stream(&[b"fine"])[..], &[8, 1], &[0; 100]].concat();
        let mut seen = 0;
        let outcome: Result<(), TooLong> = deframer.take(&mut bytes, |_| {
            seen += 1;
            Ok(())
        });
        assert_eq!((outcome, seen, deframer.held()), (Err(TooLong), 1, 0));
        assert_eq!(cut(&[0xff, 0xff, 1], 1), Err(TooLong));
    }

    #[test]
    fn a_refusal_stops_at_its_frame() {
        let mut deframer = Deframer::default();
        let mut left = 1;
        let outcome = deframer.take(&mut stream(&[b"1", b"2", b"3"]), |_| {
            left -= 1;
            if left < 0 { Err(TooLong) } else { Ok(()) }
        });
        assert_eq!((outcome, left), (Err(TooLong), -1));
    }
}
