//! The little of LiveKit's `DataPacket` that a client of ours needs: fields 2 (user, its payload 2), 4 (the sender's
//! identity) and 5 (who shall get it).

/// A message as a receiver reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Who sent it, as the server says.
    pub from: String,
    /// What it says.
    pub payload: Vec<u8>,
}

fn field(to: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    to.push(number << 3 | 2);
    let mut length = bytes.len();
    while length > 127 {
        to.push(length as u8 | 0x80);
        length >>= 7;
    }
    to.push(length as u8);
    to.extend_from_slice(bytes);
}

/// A user packet that claims to be from somebody else, to be put right by the server.
pub fn write(payload: &[u8], to: &[&str]) -> Vec<u8> {
    let mut user = Vec::new();
    field(&mut user, 2, payload);
    let mut packet = Vec::new();
    field(&mut packet, 2, &user);
    field(&mut packet, 4, b"mallory");
    for identity in to {
        field(&mut packet, 5, identity.as_bytes());
    }
    packet
}

/// Reads a packet; `None` when it is none.
pub fn read(bytes: &[u8]) -> Option<Message> {
    let mut message = Message::default();
    for (number, value) in fields(bytes)? {
        match number {
            2 => message.payload = fields(&value)?.into_iter().find(|(n, _)| *n == 2)?.1,
            4 => message.from = String::from_utf8(value).ok()?,
            _ => {}
        }
    }
    Some(message)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn fields(mut bytes: &[u8]) -> Option<Vec<(u64, Vec<u8>)>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        match tag & 7 {
            0 => {
                varint(&mut bytes)?;
            }
            2 => {
                let length = varint(&mut bytes)? as usize;
                let (value, rest) = bytes.split_at_checked(length)?;
                bytes = rest;
                found.push((tag >> 3, value.to_vec()));
            }
            _ => return None,
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_reads_back() {
        let long = vec![9; 300];
        let packet = write(&long, &["bob", "carol"]);
        assert_eq!(read(&packet), Some(Message { from: "mallory".into(), payload: long }));
        assert_eq!(read(&packet[..20]), None);
    }
}
