//! Names and passwords of our side of ICE.
//!
//! A ufrag says where its connection lives: shard (8 bits), slot (24), generation (16), in ICE's own alphabet. So the
//! first datagram of a stranger finds its connection, and one that is left over from an earlier owner of the slot does not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use folkmoot_sdp::IceCreds;

/// Where random bytes come from. An argument, so that a simulation can give its own.
pub type RandomBytes = Box<dyn FnMut(&mut [u8]) + Send>;

/// The slots of one shard, each used again only under another generation.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    generations: Vec<u16>,
    free: Vec<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) index: u32,
    pub(crate) generation: u16,
}

impl Slots {
    /// `None` when 2^24 connections are open.
    pub(crate) fn take(&mut self) -> Option<Slot> {
        let index = if let Some(index) = self.free.pop() {
            index
        } else {
            let index = u32::try_from(self.generations.len()).ok().filter(|i| *i < 1 << 24)?;
            self.generations.push(0);
            index
        };
        Some(Slot { index, generation: self.generations[index as usize] })
    }

    pub(crate) fn give_back(&mut self, slot: Slot) {
        let generation = &mut self.generations[slot.index as usize];
        *generation = generation.wrapping_add(1);
        self.free.push(slot.index);
    }
}

/// Fresh credentials for a slot. `restart` tells apart those of one connection.
pub(crate) fn credentials(shard: u8, slot: Slot, restart: u16, random: &mut RandomBytes) -> IceCreds {
    let mut name = [0; 9];
    name[..4].copy_from_slice(&slot.index.to_be_bytes());
    name[0] = shard; // in place of the index's highest byte: a slot has 24 bits
    name[4..6].copy_from_slice(&slot.generation.to_be_bytes());
    name[6..8].copy_from_slice(&restart.to_be_bytes());
    let mut secret = [0; 18];
    random(&mut secret);
    // Base64 without padding is ICE's own alphabet (RFC 8839 §5.4).
    IceCreds { ufrag: STANDARD_NO_PAD.encode(name), pwd: STANDARD_NO_PAD.encode(secret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_used_again_has_another_name() {
        let mut random: RandomBytes = Box::new(|bytes| bytes.fill(7));
        let mut slots = Slots::default();
        let first = slots.take().expect("a slot");
        let second = slots.take().expect("a slot");
        slots.give_back(first);
        let third = slots.take().expect("a slot");
        assert_eq!(third.index, first.index);
        let names: Vec<_> = [first, second, third].map(|s| credentials(0, s, 0, &mut random).ufrag).into();
        assert!(names[0] != names[1] && names[0] != names[2] && names[1] != names[2], "{names:?}");
    }

    #[test]
    fn credentials_are_as_long_as_ice_wants_them_and_in_its_alphabet() {
        let mut random: RandomBytes = Box::new(|bytes| bytes.fill(0xff));
        let creds = credentials(3, Slot { index: 0xff_ffff, generation: 0xffff }, 1, &mut random);
        assert!(creds.ufrag.len() >= 4 && creds.pwd.len() >= 22);
        assert!(
            creds.ufrag.bytes().chain(creds.pwd.bytes()).all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'/')
        );
    }
}
