//! What targets share: input read as a plan, and datagrams as a client writes them.

use aws_lc_rs::hmac;

/// Input, taken bit by bit.
pub struct Plan<'a>(pub &'a [u8]);

impl<'a> Plan<'a> {
    /// The next byte, 0 at the end.
    pub fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    /// The next number of two bytes.
    pub fn short(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    /// The next number of four bytes.
    pub fn long(&mut self) -> u32 {
        u32::from(self.short()) << 16 | u32::from(self.short())
    }

    /// Some bytes, their number (to 1500) in front.
    pub fn bytes(&mut self) -> &'a [u8] {
        let len = usize::from(self.short()) % 1500;
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }

    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }
}

/// A STUN binding request with these attributes behind its user name, signed with `password`.
pub fn stun(username: &str, password: &str, attributes: &[u8]) -> Vec<u8> {
    let mut out = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    out.extend([7; 12]);
    put(&mut out, 6, username.as_bytes());
    out.extend(attributes);
    out.resize(out.len().next_multiple_of(4), 0);
    let len = (out.len() - 20 + 24) as u16;
    out[2..4].copy_from_slice(&len.to_be_bytes());
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let tag = hmac::sign(&key, &out);
    put(&mut out, 8, tag.as_ref());
    out
}

/// What an honest client says: its priority, that it is the controlling side, and that it nominates.
pub fn honest() -> Vec<u8> {
    let mut out = Vec::new();
    put(&mut out, 0x24, &1_000_u32.to_be_bytes());
    put(&mut out, 0x802a, &9_u64.to_be_bytes());
    put(&mut out, 0x25, &[]);
    out
}

fn put(out: &mut Vec<u8>, kind: u16, value: &[u8]) {
    out.extend(kind.to_be_bytes());
    out.extend((value.len() as u16).to_be_bytes());
    out.extend(value);
    out.resize(out.len().next_multiple_of(4), 0);
}

/// Sets the checksum (CRC32c) of an SCTP packet right, so that what follows it is read at all.
pub fn checksum(packet: &mut [u8]) {
    let Some(field) = packet.get_mut(8..12) else { return };
    field.fill(0);
    let crc = !packet.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| (c >> 1) ^ (0x82f6_3b78 & (c & 1).wrapping_neg()))
    });
    packet[8..12].copy_from_slice(&crc.to_le_bytes());
}

/// Bends a packet: a byte changed, cut, lengthened, or replaced.
pub fn bend(plan: &mut Plan<'_>, packet: &mut Vec<u8>) {
    match plan.byte() % 6 {
        0 => {}
        1 if !packet.is_empty() => {
            let at = usize::from(plan.short()) % packet.len();
            packet[at] = plan.byte();
        }
        2 => packet.truncate(usize::from(plan.short()) % (packet.len() + 1)),
        3 => packet.extend(plan.bytes()),
        4 if !packet.is_empty() => {
            let at = usize::from(plan.short()) % packet.len();
            let bytes = plan.bytes();
            let len = bytes.len().min(packet.len() - at);
            packet[at..at + len].copy_from_slice(&bytes[..len]);
        }
        _ => *packet = plan.bytes().to_vec(),
    }
}
