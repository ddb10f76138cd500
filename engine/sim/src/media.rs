//! Media that says what it is: every packet carries a stamp, so a receiver can tell what the middle made of it.

use std::time::Duration;

/// The spatial layers of a simulcast camera, lowest first.
pub const RIDS: [&str; 3] = ["q", "h", "f"];
/// Packets of a picture in each layer, and bytes of each; a key frame has four times as many packets.
pub type Sizes = [(u16, usize); 3];
/// What most cameras here send: 200, 400 and 800 kb/s.
pub const MODEST: Sizes = [(1, 1000), (2, 1000), (4, 1000)];
/// A thumbnail of 150 kb/s, and what a browser makes of 720p: 150 kb/s, 500 kb/s, 1.7 Mb/s.
pub const HD: Sizes = [(1, 750), (3, 833), (8, 1062)];
/// What Chromium makes of 720p in detail, in three temporal layers: 160 kb/s, 450 kb/s, 1.7 Mb/s.
pub const TEMPORAL: Sizes = [(1, 640), (2, 900), (6, 1130)];
/// Of its pictures the first, and so every fourth after a key frame, is of the lowest temporal layer, and the third of the next.
const PATTERN: [Temporal; 4] = [
    Temporal { id: 0, needs: 4, sync: false },
    Temporal { id: 2, needs: 1, sync: true },
    Temporal { id: 1, needs: 2, sync: true },
    Temporal { id: 2, needs: 1, sync: false },
];

/// Which temporal layer a picture is of, and how many pictures before is the one that it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temporal {
    /// The layer.
    pub id: u8,
    /// Pictures before.
    pub needs: u8,
    /// Its layer may begin with it.
    pub sync: bool,
}

impl Temporal {
    /// Where all are of one layer.
    pub const NONE: Self = Self { id: 0, needs: 1, sync: false };

    /// Of the picture so many after a key frame.
    pub fn after(key: u32) -> Self {
        PATTERN[key as usize % PATTERN.len()]
    }
}

/// Bytes of every packet of H.264.
const VIDEO_PAYLOAD: usize = 1000;
/// Bytes of every audio payload.
const AUDIO_PAYLOAD: usize = 80;

/// What a packet says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Which track of the whole run.
    pub track: u32,
    /// Which spatial layer; 0 for audio.
    pub layer: u8,
    /// Which frame of the layer.
    pub frame: u32,
    /// Which packet of the frame.
    pub index: u16,
    /// How many the frame has.
    pub count: u16,
    /// Whether the frame stands alone.
    pub key: bool,
    /// Else, how many frames before is the one that it needs.
    pub needs: u8,
    /// When it was captured, from the start of the run.
    pub captured: Duration,
}

const STAMP: usize = 24;

impl Stamp {
    fn write(&self, to: &mut Vec<u8>) {
        to.extend(self.track.to_be_bytes());
        to.extend([self.layer, u8::from(self.key) | self.needs << 1]);
        to.extend(self.frame.to_be_bytes());
        to.extend(self.index.to_be_bytes());
        to.extend(self.count.to_be_bytes());
        to.extend((self.captured.as_micros() as u64).to_be_bytes());
        to.extend([0x5a, 0xa5]);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let b: &[u8; STAMP] = bytes.first_chunk()?;
        (b[22..] == [0x5a, 0xa5]).then(|| Self {
            track: u32::from_be_bytes(b[..4].try_into().expect("4")),
            layer: b[4],
            key: b[5] & 1 == 1,
            needs: b[5] >> 1,
            frame: u32::from_be_bytes(b[6..10].try_into().expect("4")),
            index: u16::from_be_bytes(b[10..12].try_into().expect("2")),
            count: u16::from_be_bytes(b[12..14].try_into().expect("2")),
            captured: Duration::from_micros(u64::from_be_bytes(b[14..22].try_into().expect("8"))),
        })
    }
}

/// A VP8 payload descriptor with a 15-bit picture id, as browsers write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vp8 {
    /// First packet of a frame.
    pub start: bool,
    /// The picture id, 15 bits.
    pub picture: u16,
    /// TL0PICIDX.
    pub tl0: u8,
    /// TID and Y, as they stand in its last byte.
    pub tid: u8,
}

const DESCRIPTOR: usize = 6;

/// One frame of a layer as payloads.
pub fn video_frame(stamp: Stamp, vp8: Vp8, bytes: usize) -> impl Iterator<Item = Vec<u8>> {
    (0..stamp.count).map(move |index| {
        let mut payload = Vec::with_capacity(bytes);
        payload.extend([0x80 | u8::from(index == 0) << 4, 0xe0]);
        payload.extend((vp8.picture | 0x8000).to_be_bytes());
        payload.extend([vp8.tl0, vp8.tid]);
        if index == 0 {
            // The frame tag: its lowest bit is 0 for a key frame, which goes on with its start code and its size.
            payload.extend([0x10 | u8::from(!stamp.key), 0, 0]);
            if stamp.key {
                payload.extend([0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00]);
            }
        }
        Stamp { index, ..stamp }.write(&mut payload);
        payload.resize(bytes, 0);
        payload
    })
}

/// One frame of a layer in H.264, as libwebrtc sends it (RFC 6184): before a key frame its parameter sets, in a packet of
/// their own; then the picture in pieces.
pub fn h264_frame(stamp: Stamp) -> impl Iterator<Item = Vec<u8>> {
    (0..stamp.count).map(move |index| {
        let mut payload = Vec::with_capacity(VIDEO_PAYLOAD);
        let begins = u8::from(index == u16::from(stamp.key)) << 7;
        let ends = u8::from(index + 1 == stamp.count) << 6;
        match (stamp.key, index) {
            (true, 0) => payload.extend([0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 1, 0, STAMP as u8 + 1, 6]),
            (true, _) => payload.extend([0x7c, begins | ends | 5]),
            (false, _) => payload.extend([0x5c, begins | ends | 1]),
        }
        Stamp { index, ..stamp }.write(&mut payload);
        if (stamp.key, index) != (true, 0) {
            payload.resize(VIDEO_PAYLOAD, 0);
        }
        payload
    })
}

/// Reads what [`h264_frame`] wrote.
pub fn read_h264(payload: &[u8]) -> Option<Stamp> {
    Stamp::read(payload.get(if payload.first()? & 0x1f == 24 { 12 } else { 2 }..)?)
}

/// How many packets a frame of this layer has, and how long they are.
pub fn packets(sizes: &Sizes, layer: u8, key: bool) -> (u16, usize) {
    let (packets, bytes) = sizes[usize::from(layer)];
    (packets * if key { 4 } else { 1 }, bytes)
}

/// Reads what [`video_frame`] wrote, however the middle has renumbered it.
pub fn read_video(payload: &[u8]) -> Option<(Vp8, Stamp)> {
    let &[first, second, high, low, tl0, tid] = payload.first_chunk::<DESCRIPTOR>()?;
    if first & 0x80 == 0 || second & 0xc0 != 0xc0 || high & 0x80 == 0 {
        return None;
    }
    let start = first & 0x10 != 0;
    let picture = u16::from_be_bytes([high, low]) & 0x7fff;
    let mut body = &payload[DESCRIPTOR..];
    if start {
        let key = body.first()? & 1 == 0;
        body = body.get(if key { 10 } else { 3 }..)?;
    }
    Some((Vp8 { start, picture, tl0, tid }, Stamp::read(body)?))
}

/// One audio packet.
pub fn audio_packet(stamp: Stamp) -> Vec<u8> {
    let mut payload = Vec::with_capacity(AUDIO_PAYLOAD);
    stamp.write(&mut payload);
    payload.resize(AUDIO_PAYLOAD, 0);
    payload
}

/// Reads what [`audio_packet`] wrote.
pub fn read_audio(payload: &[u8]) -> Option<Stamp> {
    Stamp::read(payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_reads_back_as_it_was_written() {
        for key in [true, false] {
            let stamp = Stamp {
                track: 3,
                layer: 2,
                frame: 70_000,
                index: 0,
                count: 4,
                key,
                needs: 4,
                captured: Duration::from_micros(9),
            };
            let vp8 = Vp8 { start: true, picture: 0x7fff, tl0: 255, tid: 0xa0 };
            for (index, payload) in video_frame(stamp, vp8, 1000).enumerate() {
                let index = index as u16;
                assert_eq!(read_video(&payload), Some((Vp8 { start: index == 0, ..vp8 }, Stamp { index, ..stamp })));
            }
            for (index, payload) in h264_frame(stamp).enumerate() {
                assert_eq!(read_h264(&payload), Some(Stamp { index: index as u16, ..stamp }));
            }
            assert_eq!(read_audio(&audio_packet(stamp)), Some(stamp));
        }
        assert_eq!(read_video(&[0; 40]), None);
        assert_eq!(read_audio(&[0; 40]), None);
    }
}
