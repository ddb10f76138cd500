//! The dependency descriptor, a header extension that says which layers a frame belongs to and what it needs (AV1's RTP payload
//! specification, appendix A). It stays readable under end-to-end encryption.
//!
//! Law: at most 32 decode targets and 64 templates are read, of at most 255 bytes, into memory that is kept. A descriptor whose
//! structure has not come, or that doesn't fit it, is `None`.

/// No element of an extension block is longer.
pub const MAX_LEN: usize = 255;
/// So many bytes more a descriptor has at most when another mask was put into it.
pub const MASK_LEN: usize = 5;
const TARGETS: usize = 32;
const TEMPLATES: usize = 64;
/// Frames are looked back for so far.
const REACH: u32 = 64;
/// Bits of the fields that every descriptor has, and of the flags behind them.
const MANDATORY: usize = 24;
const FLAGS: usize = 5;

/// What a frame is to a decode target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indication {
    /// No part of it.
    NotPresent,
    /// Nothing else needs it.
    Discardable,
    /// Decoding of the target may begin here, if the frame itself can be decoded.
    Switch,
    /// It needs it.
    Required,
}

/// What frames of a sequence are like; comes with its key frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    id_offset: u8,
    templates: Vec<Template>,
    /// Of each decode target its spatial and its temporal layer.
    targets: Vec<(u8, u8)>,
    /// Decode targets that are sent, a bit each.
    active: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Template {
    layer: (u8, u8),
    indications: u64,
    needs: Needs,
}

/// The frames that one refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Bit n: the frame n + 1 numbers before.
    pub frames: u64,
    /// One that is further back.
    pub far: bool,
}

/// What a descriptor says of its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its first packet.
    pub starts: bool,
    /// Its last packet.
    pub ends: bool,
    /// Counts frames, of all layers.
    pub number: u16,
    /// The size of the picture, from the smallest.
    pub spatial: u8,
    /// How often pictures like it come, from the rarest.
    pub temporal: u8,
    /// What it needs.
    pub needs: Needs,
    /// Bits of the structure that came with it; 0: it brought none.
    pub structure_bits: u16,
    indications: u64,
}

impl Frame {
    /// What it is to a decode target.
    pub fn indication(&self, target: usize) -> Indication {
        match self.indications >> (2 * target.min(TARGETS - 1)) & 3 {
            0 => Indication::NotPresent,
            1 => Indication::Discardable,
            2 => Indication::Switch,
            _ => Indication::Required,
        }
    }
}

impl Structure {
    /// Spatial and temporal layer of each decode target.
    pub fn targets(&self) -> &[(u8, u8)] {
        &self.targets
    }

    /// Decode targets that the sender sends, a bit each.
    pub fn active(&self) -> u32 {
        self.active
    }

    /// How many sizes there are.
    pub fn spatials(&self) -> u8 {
        self.targets.iter().map(|(spatial, _)| spatial + 1).max().unwrap_or_default()
    }

    /// Reads a descriptor, and with a key frame's the structure, which takes the place of what this one says.
    pub fn read(&mut self, descriptor: &[u8]) -> Option<Frame> {
        let mut bits = Bits::of(descriptor)?;
        let (starts, ends) = (bits.flag()?, bits.flag()?);
        let (template, number) = (bits.take(6)? as u8, bits.take(16)? as u16);
        let mut flags = [false; FLAGS];
        if descriptor.len() * 8 > MANDATORY {
            for flag in &mut flags {
                *flag = bits.flag()?;
            }
        }
        let [brings_structure, says_active, own_indications, own_needs, _] = flags;
        let from = bits.at;
        if brings_structure && self.read_structure(&mut bits).is_none() {
            self.templates.clear(); // half of one is none
            return None;
        }
        let structure_bits = (bits.at - from) as u16;
        if says_active {
            self.active = bits.take(self.targets.len())? as u32;
        }
        let at = usize::from((template + 64).wrapping_sub(self.id_offset) % 64);
        let Template { layer, mut indications, mut needs } = *self.templates.get(at)?;
        if own_indications {
            indications = bits.indications(self.targets.len())?;
        }
        if own_needs {
            needs = bits.far_needs()?;
        }
        let (spatial, temporal) = layer;
        Some(Frame { starts, ends, number, spatial, temporal, needs, structure_bits, indications })
    }

    fn read_structure(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        self.templates.clear();
        self.targets.clear();
        self.id_offset = bits.take(6)? as u8;
        let targets = bits.take(5)? + 1;
        self.read_layers(bits)?;
        for template in &mut self.templates {
            template.indications = bits.indications(targets)?;
        }
        for template in &mut self.templates {
            template.needs = bits.near_needs()?;
        }
        self.read_chains(bits, targets)?;
        let sizes = self.templates.iter().map(|t| usize::from(t.layer.0) + 1).max()?;
        if bits.flag()? {
            bits.skip(32 * sizes)?;
        }
        for target in 0..targets {
            let of = self.templates.iter().filter(|t| t.indications >> (2 * target) & 3 != 0);
            let layer = of.fold((0, 0), |most, t| (most.0.max(t.layer.0), most.1.max(t.layer.1)));
            self.targets.push(layer);
        }
        self.active = u32::MAX >> (TARGETS - targets);
        Some(())
    }

    fn read_layers(&mut self, bits: &mut Bits<'_>) -> Option<()> {
        let mut layer = (0_u8, 0_u8);
        loop {
            if self.templates.len() == TEMPLATES {
                return None;
            }
            self.templates.push(Template { layer, ..Template::default() });
            match bits.take(2)? {
                0 => {}
                1 => layer.1 = layer.1.checked_add(1).filter(|t| *t < 8)?,
                2 => layer = (layer.0.checked_add(1).filter(|s| *s < 4)?, 0),
                _ => return Some(()),
            }
        }
    }

    /// Chains tell a receiver of losses; they only have to be got over.
    fn read_chains(&self, bits: &mut Bits<'_>, targets: usize) -> Option<()> {
        let chains = bits.below(targets + 1)?;
        if chains == 0 {
            return Some(());
        }
        for _ in 0..targets {
            bits.below(chains)?;
        }
        bits.skip(4 * chains * self.templates.len())
    }

    /// Writes `descriptor`, which was read as `frame`, into `out` with another mask of active decode targets: how many bytes;
    /// `None` when there is no room.
    pub fn write_active(&self, out: &mut [u8], descriptor: &[u8], frame: &Frame, active: u32) -> Option<usize> {
        let mut bits = Bits::of(descriptor)?;
        let mut writer = Writer { out, at: 0 };
        writer.copy(&mut bits, MANDATORY)?;
        let mut flags = [false; FLAGS];
        if descriptor.len() * 8 > MANDATORY {
            for flag in &mut flags {
                *flag = bits.flag()?;
            }
        }
        for (n, flag) in flags.iter().enumerate() {
            writer.put(u64::from(*flag || n == 1), 1)?;
        }
        writer.copy(&mut bits, usize::from(frame.structure_bits))?;
        writer.put(u64::from(active), self.targets.len())?;
        if flags[1] {
            bits.skip(self.targets.len())?;
        }
        let left = bits.left();
        writer.copy(&mut bits, left)?;
        Some(writer.at.div_ceil(8))
    }
}

struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        (bytes.len() * 8 >= MANDATORY && bytes.len() <= MAX_LEN).then_some(Self { bytes, at: 0 })
    }

    fn left(&self) -> usize {
        self.bytes.len() * 8 - self.at
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.take(1)? == 1)
    }

    /// At most 32 of them.
    fn take(&mut self, bits: usize) -> Option<usize> {
        if bits > self.left() {
            return None;
        }
        let mut value = 0;
        for at in self.at..self.at + bits {
            value = value << 1 | usize::from(self.bytes[at / 8] >> (7 - at % 8) & 1);
        }
        self.at += bits;
        Some(value)
    }

    fn skip(&mut self, bits: usize) -> Option<()> {
        self.at = (bits <= self.left()).then_some(self.at + bits)?;
        Some(())
    }

    /// A number below `n`, in as few bits as it takes (`ns(n)`).
    fn below(&mut self, n: usize) -> Option<usize> {
        let width = n.ilog2() as usize + 1;
        let short = (1 << width) - n;
        let value = self.take(width - 1)?;
        if value < short { Some(value) } else { Some((value << 1) - short + self.take(1)?) }
    }

    fn indications(&mut self, targets: usize) -> Option<u64> {
        let mut all = 0;
        for target in 0..targets {
            all |= (self.take(2)? as u64) << (2 * target);
        }
        Some(all)
    }

    fn near_needs(&mut self) -> Option<Needs> {
        let mut needs = Needs::default();
        while self.flag()? {
            needs.frames |= 1 << self.take(4)?;
        }
        Some(needs)
    }

    fn far_needs(&mut self) -> Option<Needs> {
        let mut needs = Needs::default();
        loop {
            let size = self.take(2)?;
            if size == 0 {
                return Some(needs);
            }
            match self.take(4 * size)? as u32 {
                back if back < REACH => needs.frames |= 1 << back,
                _ => needs.far = true,
            }
        }
    }
}

struct Writer<'a> {
    out: &'a mut [u8],
    at: usize,
}

impl Writer<'_> {
    fn put(&mut self, value: u64, bits: usize) -> Option<()> {
        for n in (0..bits).rev() {
            let byte = self.out.get_mut(self.at / 8)?;
            if self.at.is_multiple_of(8) {
                *byte = 0;
            }
            *byte |= ((value >> n & 1) as u8) << (7 - self.at % 8);
            self.at += 1;
        }
        Some(())
    }

    fn copy(&mut self, bits: &mut Bits<'_>, mut len: usize) -> Option<()> {
        while len > 0 {
            let some = len.min(32);
            self.put(bits.take(some)? as u64, some)?;
            len -= some;
        }
        Some(())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What an encoder writes of L2T2: two sizes, two rates, four decode targets, no chains. Templates: (0,0) key, (0,0),
    /// (0,1), (1,0) key, (1,0), (1,1).
    pub(crate) fn l2t2_key(number: u16, template: u8) -> Vec<u8> {
        let mut out = [0; 64];
        let mut w = Writer { out: &mut out, at: 0 };
        let mut put = |value, bits| w.put(value, bits).expect("room");
        put(0b11, 2);
        put(u64::from(template), 6);
        put(u64::from(number), 16);
        put(0b10000, 5);
        put(0, 6); // offset
        put(3, 5); // four targets: (0,0) (0,1) (1,0) (1,1)
        for next in [0, 1, 2, 0, 1, 3] {
            put(next, 2);
        }
        // Of each template its indications: S is 2, R 3, D 1, - 0.
        for row in [[2, 2, 2, 2], [2, 2, 3, 3], [0, 1, 0, 3], [0, 0, 2, 2], [0, 0, 2, 2], [0, 0, 0, 1]] {
            for dti in row {
                put(dti, 2);
            }
        }
        for needs in [&[][..], &[4], &[2], &[1], &[4, 1], &[2, 1]] {
            for back in needs {
                put(1, 1);
                put(*back - 1, 4);
            }
            put(0, 1);
        }
        put(0, 2); // no chains: ns(5) of 0 takes two bits
        put(1, 1);
        for side in [319, 179, 639, 359] {
            put(side, 16);
        }
        let len = w.at.div_ceil(8);
        out[..len].to_vec()
    }

    pub(crate) fn delta(number: u16, template: u8, starts: bool, ends: bool) -> [u8; 3] {
        let [high, low] = number.to_be_bytes();
        [u8::from(starts) << 7 | u8::from(ends) << 6 | template, high, low]
    }

    #[test]
    fn a_key_frame_brings_the_structure_by_which_others_are_read() {
        let mut structure = Structure::default();
        assert_eq!(structure.read(&delta(7, 1, true, false)), None, "nothing is known yet");
        let key = structure.read(&l2t2_key(6, 0)).expect("a descriptor");
        assert!(key.starts && key.ends && key.structure_bits > 0 && key.number == 6);
        assert_eq!(structure.targets(), [(0, 0), (0, 1), (1, 0), (1, 1)]);
        assert_eq!((structure.active(), structure.spatials()), (0b1111, 2));
        let frame = structure.read(&delta(9, 5, true, false)).expect("a descriptor");
        assert_eq!((frame.spatial, frame.temporal, frame.number), (1, 1, 9));
        assert_eq!((frame.needs.frames, frame.needs.far), (0b11, false));
        assert_eq!((frame.indication(2), frame.indication(3)), (Indication::NotPresent, Indication::Discardable));
        assert_eq!(structure.read(&delta(9, 6, true, false)), None, "there are six templates");
        assert_eq!(structure.read(&[0, 0]), None);
    }

    #[test]
    fn another_mask_is_put_in_and_all_else_stays() {
        let mut structure = Structure::default();
        let key = l2t2_key(6, 0);
        let plain = structure.read(&key).expect("a descriptor");
        let mut out = [0xff; 80];
        for descriptor in [&key[..], &delta(7, 1, true, true)] {
            let mut before = structure.clone();
            let frame = before.read(descriptor).expect("a descriptor");
            let len = structure.write_active(&mut out, descriptor, &frame, 0b0011).expect("room");
            assert!(len <= descriptor.len() + MASK_LEN);
            let mut after = structure.clone();
            assert_eq!(after.read(&out[..len]), Some(frame));
            assert_eq!((after.active(), after.targets()), (0b0011, structure.targets()));
            let mut again = [0; 80];
            let longer = structure.write_active(&mut again, &out[..len], &frame, 0b0101).expect("room");
            assert_eq!(longer, len, "the mask that was there gives its place");
            assert_eq!(after.read(&again[..longer]), Some(frame));
            assert_eq!(after.active(), 0b0101);
        }
        assert_eq!(structure.write_active(&mut out[..3], &key, &plain, 1), None, "no room");
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_within_bounds_and_written_as_it_was_read(
            first in prop::collection::vec(any::<u8>(), 0..300),
            tail in prop::collection::vec(any::<u8>(), 0..40),
            cut in 0..60_usize,
            active: u32,
        ) {
            let key = l2t2_key(1, 0);
            let cut = [&key[..cut.min(key.len())], &tail[..]].concat();
            for descriptor in [&first[..], &cut, &tail] {
                let mut structure = Structure::default();
                structure.read(&key);
                let frame = structure.read(descriptor);
                prop_assert!(structure.targets().len() <= TARGETS && structure.templates.len() <= TEMPLATES);
                let mut out = [0; MAX_LEN + MASK_LEN];
                if let Some(frame) = frame
                    && let Some(len) = structure.write_active(&mut out, descriptor, &frame, active)
                    && len <= MAX_LEN
                {
                    let mut after = structure.clone();
                    prop_assert_eq!(after.read(&out[..len]), Some(frame));
                    prop_assert_eq!(after.active(), active & (u32::MAX >> (TARGETS - structure.targets().len())));
                }
            }
        }
    }
}
