//! The Data Channel Establishment Protocol (RFC 8832).

use sctp_proto::ReliabilityType;

const ACK: u8 = 2;
const OPEN: u8 = 3;
const UNORDERED: u8 = 0x80;
const LABEL_MAX: usize = 256;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Open {
    pub(crate) label: String,
    pub(crate) ordered: bool,
    pub(crate) reliability: ReliabilityType,
    pub(crate) value: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Message {
    Open(Open),
    Ack,
}

impl Message {
    /// `None` for what is malformed, unknown, or labelled at unreasonable length.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        match *bytes.first()? {
            ACK => Some(Self::Ack),
            OPEN => {
                let header = bytes.get(..12)?;
                let reliability = match header[1] & !UNORDERED {
                    0 => ReliabilityType::Reliable,
                    1 => ReliabilityType::Rexmit,
                    2 => ReliabilityType::Timed,
                    _ => return None,
                };
                let value = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
                let label = usize::from(u16::from_be_bytes([header[8], header[9]]));
                if label > LABEL_MAX {
                    return None;
                }
                let label = std::str::from_utf8(bytes.get(12..12 + label)?).ok()?.to_owned();
                Some(Self::Open(Open { label, ordered: header[1] & UNORDERED == 0, reliability, value }))
            }
            _ => None,
        }
    }
}

pub(crate) const fn ack() -> [u8; 1] {
    [ACK]
}

impl Open {
    pub(crate) fn write(&self) -> Vec<u8> {
        let kind = self.reliability as u8 | if self.ordered { 0 } else { UNORDERED };
        let mut out = vec![OPEN, kind, 0, 0];
        out.extend_from_slice(&self.value.to_be_bytes());
        out.extend_from_slice(&(self.label.len() as u16).to_be_bytes());
        out.extend_from_slice(&[0, 0]); // no subprotocol
        out.extend_from_slice(self.label.as_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_reads_as_it_was_written() {
        let open = Open { label: "_lossy".into(), ordered: false, reliability: ReliabilityType::Rexmit, value: 0 };
        assert_eq!(Message::parse(&open.write()), Some(Message::Open(open)));
    }

    #[test]
    fn what_is_cut_short_or_unknown_is_nothing() {
        let whole =
            Open { label: "_reliable".into(), ordered: true, reliability: ReliabilityType::Reliable, value: 0 }.write();
        for len in 0..whole.len() {
            assert_eq!(Message::parse(&whole[..len]), None, "{len} bytes");
        }
        assert_eq!(Message::parse(&[9, 9, 9]), None);
        let mut endless = whole;
        endless[8] = 0xff;
        endless.resize(70_000, b'a');
        assert_eq!(Message::parse(&endless), None);
    }
}
