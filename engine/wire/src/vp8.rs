//! The VP8 payload descriptor (RFC 7741 §4.2): what a forwarder must read and rewrite.

/// Where the rewritable fields of one descriptor stand. Offsets are into the RTP payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Descriptor {
    /// This packet begins the first partition of a frame.
    pub starts_frame: bool,
    /// Of a frame that needs no other (valid with `starts_frame`).
    pub keyframe: bool,
    /// Picture id and its width in bits (7 or 15).
    pub picture_id: Option<(u16, PictureIdLen)>,
    /// Offset of the picture id.
    pub picture_id_at: u8,
    /// `TL0PICIDX`.
    pub tl0: Option<u8>,
    /// Offset of `TL0PICIDX`.
    pub tl0_at: u8,
    /// Temporal layer.
    pub tid: u8,
    /// It needs no other picture than one of the lowest temporal layer.
    pub layer_sync: bool,
    /// Bytes of the descriptor.
    pub len: u8,
}

/// Width of a picture id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureIdLen {
    /// 7 bits in one byte.
    Seven,
    /// 15 bits in two.
    Fifteen,
}

impl Descriptor {
    /// Reads the descriptor at the start of `payload`; `None` when it is cut short.
    pub fn parse(payload: &[u8]) -> Option<Self> {
        let first = *payload.first()?;
        let mut d = Self { starts_frame: first & 0x17 == 0x10, ..Self::default() };
        let mut at = 1;
        if first & 0x80 != 0 {
            let flags = *payload.get(at)?;
            at += 1;
            if flags & 0x80 != 0 {
                let high = *payload.get(at)?;
                d.picture_id_at = at as u8;
                if high & 0x80 != 0 {
                    let low = *payload.get(at + 1)?;
                    d.picture_id = Some((u16::from(high & 0x7f) << 8 | u16::from(low), PictureIdLen::Fifteen));
                    at += 2;
                } else {
                    d.picture_id = Some((u16::from(high), PictureIdLen::Seven));
                    at += 1;
                }
            }
            if flags & 0x40 != 0 {
                d.tl0 = Some(*payload.get(at)?);
                d.tl0_at = at as u8;
                at += 1;
            }
            if flags & 0x30 != 0 {
                let byte = *payload.get(at)?;
                if flags & 0x20 != 0 {
                    d.tid = byte >> 6;
                    d.layer_sync = byte & 0x20 != 0;
                }
                at += 1;
            }
        }
        d.len = at as u8;
        // The first bit of the VP8 payload header is 0 for key frames (RFC 7741 §4.3).
        d.keyframe = d.starts_frame && payload.get(at).is_some_and(|b| b & 1 == 0);
        Some(d)
    }

    /// Writes another picture id (of the same width) and `TL0PICIDX` into `payload`, a copy of what was parsed.
    pub fn rewrite(&self, payload: &mut [u8], picture_id: u16, tl0: u8) {
        let at = usize::from(self.picture_id_at);
        match self.picture_id {
            Some((_, PictureIdLen::Fifteen)) if payload.len() > at + 1 => {
                payload[at] = 0x80 | (picture_id >> 8) as u8 & 0x7f;
                payload[at + 1] = picture_id as u8;
            }
            Some((_, PictureIdLen::Seven)) if payload.len() > at => payload[at] = picture_id as u8 & 0x7f,
            _ => {}
        }
        if self.tl0.is_some()
            && let Some(byte) = payload.get_mut(usize::from(self.tl0_at))
        {
            *byte = tl0;
        }
    }
}

/// Whether a payload begins a key frame.
pub fn starts_keyframe(payload: &[u8]) -> bool {
    Descriptor::parse(payload).is_some_and(|d| d.keyframe)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYFRAME: [u8; 7] = [0x90, 0xe0, 0x92, 0x34, 0x07, 0x40, 0x10];

    #[test]
    fn a_full_descriptor_is_read_and_rewritten_in_place() {
        let d = Descriptor::parse(&KEYFRAME).unwrap();
        assert!(d.starts_frame && d.keyframe);
        assert_eq!((d.picture_id, d.tl0, d.tid, d.len), (Some((0x1234, PictureIdLen::Fifteen)), Some(7), 1, 6));
        assert!(!d.layer_sync && Descriptor::parse(&[0x90, 0x20, 0x60, 1]).is_some_and(|d| d.layer_sync && d.tid == 1));
        let mut copy = KEYFRAME;
        d.rewrite(&mut copy, 0x7fff, 200);
        let again = Descriptor::parse(&copy).unwrap();
        assert_eq!((again.picture_id, again.tl0), (Some((0x7fff, PictureIdLen::Fifteen)), Some(200)));
        assert_eq!(copy[6], KEYFRAME[6]);
    }

    #[test]
    fn a_seven_bit_id_stays_one_byte() {
        let payload = [0x90, 0x80, 0x12, 0x01];
        let d = Descriptor::parse(&payload).unwrap();
        assert!(!d.keyframe);
        let mut copy = payload;
        d.rewrite(&mut copy, 0x1ff, 0);
        assert_eq!(copy, [0x90, 0x80, 0x7f, 0x01]);
    }

    #[test]
    fn a_descriptor_cut_short_is_none() {
        for n in 0..6 {
            let _ = Descriptor::parse(&KEYFRAME[..n]);
        }
        assert_eq!(Descriptor::parse(&[0x80, 0x80]), None);
        assert_eq!(Descriptor::parse(&[]), None);
    }
}
