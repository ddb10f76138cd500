//! LiveKit's protobuf `DataPacket`, rewritten in place of being decoded: who sent it is what we know, not what it says.
//!
//! *What a reader sees must be what we saw.* Fields are copied byte for byte, so a reader laxer than we are could find
//! other fields in the same bytes: livekit-client's lets a nested length run past the message around it, or takes a
//! known field whatever its wire type, and the name we append last would vanish inside a string. Hence a packet passes
//! only if each field we know has its own wire type, down to the leaves, and each message ends where its fields do.
//! Fields we don't know pass untouched, for clients may be newer than this table; but not in the entry of a map, where
//! that same reader doesn't skip them.

use bytes::Bytes;

use crate::command::SERVER;

/// Readers of one packet beyond this are refused: a meeting has fewer.
const DESTINATIONS_MAX: usize = 1000;
const TAG_VARINT: u8 = 0;
const TAG_FIXED64: u8 = 1;
const TAG_LEN: u8 = 2;
const TAG_FIXED32: u8 = 5;

/// A packet that may be forwarded.
#[derive(Debug)]
pub(crate) struct Rewritten {
    /// The packet, under its sender's true name.
    pub bytes: Bytes,
    /// Who is to get it.
    pub to: Destinations,
    /// The sender's own count of its reliable messages; 0: it doesn't count.
    pub sequence: u32,
}

/// Whom the sender addressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destinations {
    /// All in the room but the sender.
    All,
    /// Those on either list, 1 to 1000 in all.
    These {
        /// Participants by identity.
        identities: Vec<String>,
        /// Participants by session id, as old clients address them.
        sids: Vec<String>,
    },
}

impl Destinations {
    /// Whether it is for the server alone.
    pub(crate) fn is_server(&self) -> bool {
        matches!(self, Self::These { identities, sids }
            if sids.is_empty() && identities.len() == 1 && identities[0].starts_with(SERVER))
    }

    /// Whether the participant is addressed.
    pub(crate) fn include(&self, identity: &str, sid: &str) -> bool {
        match self {
            Self::All => true,
            Self::These { identities, sids } => {
                identities.iter().any(|known| known == identity) || sids.iter().any(|known| known == sid)
            }
        }
    }
}

/// `packet` with `identity` and `sid` as its sender, and every other field as it came; a blank name is left out.
/// `None` when it is malformed or addresses too many.
pub(crate) fn rewrite(packet: &[u8], identity: &str, sid: &str) -> Option<Rewritten> {
    let mut out = Vec::with_capacity(packet.len() + 2 * (identity.len() + sid.len()) + 24);
    let (mut identities, mut user, mut sequence) = (Vec::new(), None, 0);
    for field in Fields(packet) {
        let field = field?;
        if !field.obeys(PACKET) {
            return None;
        }
        match (field.number, field.value) {
            (packet::PARTICIPANT_IDENTITY | packet::PARTICIPANT_SID, _) => {}
            (packet::USER, Value::Len(message)) => {
                if user.is_some() {
                    return None; // no client sends two, and each would grow by the sender's names
                }
                let message = user.insert(User::default()).rewrite(message, identity, sid)?;
                put(&mut out, packet::USER, &message);
            }
            (packet::DESTINATION_IDENTITIES, Value::Len(name)) => {
                identities.push(text(name)?);
                out.extend_from_slice(field.raw);
            }
            (packet::SEQUENCE, Value::Varint(count)) => {
                sequence = count as u32; // as readers cut it
                out.extend_from_slice(field.raw);
            }
            _ => out.extend_from_slice(field.raw),
        }
    }
    put_name(&mut out, packet::PARTICIPANT_IDENTITY, identity);
    put_name(&mut out, packet::PARTICIPANT_SID, sid);
    let user = user.unwrap_or_default();
    // The user packet's own list is the older form of the same; where both are given, the newer holds.
    if identities.is_empty() {
        identities = user.identities;
    }
    let to = match identities.len() + user.sids.len() {
        0 => Destinations::All,
        1..=DESTINATIONS_MAX => Destinations::These { identities, sids: user.sids },
        _ => return None,
    };
    Some(Rewritten { bytes: out.into(), to, sequence })
}

/// What a packet's `user` messages say about its readers.
#[derive(Default)]
struct User {
    identities: Vec<String>,
    sids: Vec<String>,
}

impl User {
    fn rewrite(&mut self, message: &[u8], identity: &str, sid: &str) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(message.len() + identity.len() + sid.len() + 8);
        for field in Fields(message) {
            let field = field?;
            match (field.number, field.value) {
                (user::PARTICIPANT_SID | user::PARTICIPANT_IDENTITY, _) => continue,
                (user::DESTINATION_SIDS, Value::Len(name)) => self.sids.push(text(name)?),
                (user::DESTINATION_IDENTITIES, Value::Len(name)) => self.identities.push(text(name)?),
                _ => {}
            }
            out.extend_from_slice(field.raw);
        }
        put_name(&mut out, user::PARTICIPANT_SID, sid);
        put_name(&mut out, user::PARTICIPANT_IDENTITY, identity);
        Some(out)
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    std::str::from_utf8(bytes).ok().map(str::to_owned)
}

fn put_name(out: &mut Vec<u8>, number: u32, name: &str) {
    if !name.is_empty() {
        put(out, number, name.as_bytes());
    }
}

fn put(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    put_varint(out, u64::from(number << 3) | u64::from(TAG_LEN));
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// One field of a message.
#[derive(Clone, Copy)]
struct Field<'a> {
    number: u32,
    value: Value<'a>,
    /// Tag and value, as they stand in the message.
    raw: &'a [u8],
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Varint(u64),
    Fixed64,
    Fixed32,
    Len(&'a [u8]),
}

impl Field<'_> {
    /// Whether every reader that knows `schema` takes these very bytes for this field.
    fn obeys(&self, schema: Schema) -> bool {
        let Some((_, kind)) = schema.iter().find(|(number, _)| *number == self.number) else { return true };
        match (kind, self.value) {
            (Kind::Varint, Value::Varint(_)) | (Kind::Fixed32, Value::Fixed32) | (Kind::Bytes, Value::Len(_)) => true,
            (Kind::Text, Value::Len(bytes)) => std::str::from_utf8(bytes).is_ok(),
            (Kind::Message(inner), Value::Len(bytes)) => {
                Fields(bytes).all(|field| field.is_some_and(|field| field.obeys(inner)))
            }
            (Kind::TextToText, Value::Len(bytes)) => Fields(bytes)
                .all(|field| field.is_some_and(|field| matches!(field.number, 1 | 2) && field.obeys(TEXT_TO_TEXT))),
            _ => false,
        }
    }
}

/// The fields of a message in order; a `None` among them, always the last, is where it is malformed.
struct Fields<'a>(&'a [u8]);

impl<'a> Iterator for Fields<'a> {
    type Item = Option<Field<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field)
    }
}

impl<'a> Fields<'a> {
    fn field(&mut self) -> Option<Field<'a>> {
        let start = self.0;
        // Readers cut a tag to 32 bits; one that needs more would be another field to them.
        let tag = u32::try_from(self.varint()?).ok()?;
        let value = match (tag & 7) as u8 {
            TAG_VARINT => Value::Varint(self.varint()?),
            TAG_FIXED64 => self.take(8).map(|_| Value::Fixed64)?,
            TAG_FIXED32 => self.take(4).map(|_| Value::Fixed32)?,
            TAG_LEN => {
                let len = usize::try_from(self.varint()?).ok()?;
                Value::Len(self.take(len)?)
            }
            _ => return None, // groups, which nothing here uses, and what doesn't exist
        };
        let raw = &start[..start.len() - self.0.len()];
        (tag >> 3 != 0).then_some(Field { number: tag >> 3, value, raw })
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for at in 0..10 {
            let byte = *self.0.get(at)?;
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte < 0x80 {
                self.0 = &self.0[at + 1..];
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }
}

mod packet {
    pub(super) const USER: u32 = 2;
    pub(super) const PARTICIPANT_IDENTITY: u32 = 4;
    pub(super) const DESTINATION_IDENTITIES: u32 = 5;
    pub(super) const SEQUENCE: u32 = 16;
    pub(super) const PARTICIPANT_SID: u32 = 17;
}

mod user {
    pub(super) const PARTICIPANT_SID: u32 = 1;
    pub(super) const DESTINATION_SIDS: u32 = 3;
    pub(super) const PARTICIPANT_IDENTITY: u32 = 5;
    pub(super) const DESTINATION_IDENTITIES: u32 = 6;
}

/// The shape of a message: its fields by number, in the order of `livekit_models.proto`.
type Schema = &'static [(u32, Kind)];

#[derive(Clone, Copy)]
enum Kind {
    Varint,
    Fixed32,
    Text,
    Bytes,
    Message(Schema),
    /// An entry of a map from string to string: key 1 and value 2, nothing else.
    TextToText,
}

use Kind::{Bytes as Blob, Fixed32, Message, Text, TextToText, Varint};

const PACKET: Schema = &[
    (1, Varint), // kind
    (packet::PARTICIPANT_IDENTITY, Text),
    (packet::DESTINATION_IDENTITIES, Text),
    (packet::USER, Message(USER)),
    (3, Message(&[(1, Message(SPEAKER))])),
    (6, Message(&[(3, Varint), (4, Text)])),                      // sip_dtmf
    (7, Message(&[(2, Text), (3, Text), (4, Message(SEGMENT))])), // transcription
    (8, Message(METRICS)),
    (9, Message(&[(1, Text), (2, Varint), (3, Varint), (4, Text), (5, Varint), (6, Varint)])), // chat_message
    (10, Message(&[(1, Text), (2, Text), (3, Text), (4, Varint), (5, Varint), (6, Blob)])),    // rpc_request
    (11, Message(&[(1, Text)])),                                                               // rpc_ack
    (12, Message(&[(1, Text), (2, Text), (3, Message(RPC_ERROR)), (4, Blob)])),                // rpc_response
    (13, Message(STREAM_HEADER)),
    (14, Message(&[(1, Text), (2, Varint), (3, Blob), (4, Varint), (5, Blob)])), // stream_chunk
    (15, Message(&[(1, Text), (2, Text), (3, TextToText)])),                     // stream_trailer
    (18, Message(&[(1, Varint), (2, Blob), (3, Varint), (4, Blob)])),            // encrypted_packet
    (packet::SEQUENCE, Varint),
    (packet::PARTICIPANT_SID, Text),
];

const USER: Schema = &[
    (user::PARTICIPANT_SID, Text),
    (user::PARTICIPANT_IDENTITY, Text),
    (2, Blob), // payload
    (user::DESTINATION_SIDS, Text),
    (user::DESTINATION_IDENTITIES, Text),
    (4, Text),   // topic
    (8, Text),   // id
    (9, Varint), // start_time, end_time
    (10, Varint),
    (11, Blob), // nonce
];

const SPEAKER: Schema = &[(1, Text), (2, Fixed32), (3, Varint)];
const SEGMENT: Schema = &[(1, Text), (2, Text), (3, Varint), (4, Varint), (5, Varint), (6, Text)];
const RPC_ERROR: Schema = &[(1, Varint), (2, Text), (3, Text)];
const TEXT_TO_TEXT: Schema = &[(1, Text), (2, Text)];
const TIMESTAMP: Schema = &[(1, Varint), (2, Varint)];

const METRICS: Schema = &[
    (1, Varint),
    (2, Message(TIMESTAMP)),
    (3, Text),
    (4, Message(&[(1, Varint), (2, Varint), (3, Varint), (4, Message(SAMPLE)), (5, Varint)])),
    (5, Message(METRIC_EVENT)),
];
const SAMPLE: Schema = &[(1, Varint), (2, Message(TIMESTAMP)), (3, Fixed32)];
const METRIC_EVENT: Schema = &[
    (1, Varint),
    (2, Varint),
    (3, Varint),
    (4, Varint),
    (5, Varint),
    (6, Message(TIMESTAMP)),
    (7, Message(TIMESTAMP)),
    (8, Text),
    (9, Varint),
];

const STREAM_HEADER: Schema = &[
    (1, Text),
    (2, Varint),
    (3, Text),
    (4, Text),
    (5, Varint),
    (7, Varint),
    (8, TextToText),
    (9, Message(&[(1, Varint), (2, Varint), (3, Text), (4, Text), (5, Varint)])), // text
    (10, Message(&[(1, Text)])),                                                  // bytes
    (11, Blob),
    (12, Varint),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// One line for each field, those of a message behind it: `13.9.3 text`.
    fn lines(schema: Schema, path: &str, out: &mut Vec<String>) {
        let mut fields: Vec<_> = schema.iter().collect();
        fields.sort_by_key(|(number, _)| *number);
        for (number, kind) in fields {
            let at = format!("{path}{number}");
            let (name, inner) = match kind {
                Varint => ("varint", None),
                Fixed32 => ("fixed32", None),
                Text => ("text", None),
                Blob => ("bytes", None),
                TextToText => ("map", None),
                Message(inner) => ("message", Some(inner)),
            };
            out.push(format!("{at} {name}"));
            if let Some(inner) = inner {
                lines(inner, &format!("{at}."), out);
            }
        }
    }

    /// The list is of LiveKit's own descriptor: the server's tests hold it against that.
    #[test]
    fn all_fields_of_a_packet_are_known() {
        let mut known = Vec::new();
        lines(PACKET, "", &mut known);
        assert_eq!(known, include_str!("data_packet.fields").lines().collect::<Vec<_>>());
    }

    const ME: [u8; 11] = *b"\x22\x02me\x8a\x01\x04PA_m";

    fn len(number: u32, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        put(&mut out, number, bytes);
        out
    }

    fn these(identities: &[&str], sids: &[&str]) -> Destinations {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Destinations::These { identities: owned(identities), sids: owned(sids) }
    }

    /// What `rewrite` makes of the parts in a row.
    fn rewritten(parts: &[&[u8]]) -> Option<Rewritten> {
        rewrite(&parts.concat(), "me", "PA_m")
    }

    /// A packet of a JavaScript client: reliable, user data with a topic, to bob, the seventh of its sender.
    fn greeting() -> Vec<u8> {
        let user = [len(2, b"hello"), len(4, b"chat"), len(8, b"id-1"), vec![9 << 3, 0xac, 2]].concat();
        [vec![8, 0], len(2, &user), len(5, b"bob"), vec![0x80, 1, 7]].concat()
    }

    #[test]
    fn a_sender_cannot_speak_in_anothers_name() {
        let user = [len(1, b"PA_eve"), len(2, b"hi"), len(5, b"eve"), len(1, b"PA_eve")].concat();
        let out = rewritten(&[&len(4, b"eve"), &len(2, &user), &len(17, b"PA_eve"), &len(4, b"eve")]).unwrap();
        let honest = [len(2, b"hi"), len(1, b"PA_m"), len(5, b"me")].concat();
        assert_eq!(out.bytes, [&len(2, &honest)[..], &ME].concat());
        assert_eq!(out.to, Destinations::All);
    }

    #[test]
    fn a_hidden_sender_has_no_name() {
        let user = [len(1, b"PA_eve"), len(2, b"hi")].concat();
        let out = rewrite(&[len(2, &user), len(4, b"eve")].concat(), "", "").unwrap();
        assert_eq!(out.bytes, len(2, &len(2, b"hi")));
    }

    #[test]
    fn all_else_passes_in_order_and_unread() {
        // An encrypted packet, a sequence, and fields of the future of each wire type.
        let future = [&[0x98, 6, 0xff, 1][..], &[0x99, 6, 1, 2, 3, 4, 5, 6, 7, 8], &[0x9d, 6, 1, 2, 3, 4]].concat();
        let rest = [len(18, &len(4, b"\xff\xfe sealed")), vec![0x80, 1, 7], future, len(99, b"\x0a\xff new")].concat();
        let out = rewritten(&[&rest]).unwrap();
        assert_eq!(out.bytes, [&rest[..], &ME].concat());
        assert_eq!(out.sequence, 7);
    }

    #[test]
    fn of_several_counts_the_last_holds_as_readers_take_it() {
        let out = rewritten(&[&[0x80, 1, 7], &[0x80, 1, 0xff, 0xff, 0xff, 0xff, 0x1f]]).unwrap();
        assert_eq!(out.sequence, u32::MAX);
        assert_eq!(rewritten(&[&len(2, b"")]).unwrap().sequence, 0);
    }

    #[test]
    fn old_and_new_addresses_are_told_apart() {
        let user = [len(3, b"PA_a"), len(6, b"old"), len(3, b"PA_b")].concat();
        assert_eq!(rewritten(&[&len(2, &user)]).unwrap().to, these(&["old"], &["PA_a", "PA_b"]));
        let out = rewritten(&[&len(2, &user), &len(5, b"new")]).unwrap();
        assert_eq!(out.to, these(&["new"], &["PA_a", "PA_b"]));
        assert!(out.to.include("new", "PA_x") && out.to.include("x", "PA_b") && !out.to.include("old", "PA_x"));
        assert!(rewritten(&[&greeting()]).unwrap().bytes.windows(5).any(|part| part == b"\x2a\x03bob"));
    }

    #[test]
    fn a_thousand_may_be_addressed_and_no_more() {
        let many = len(5, b"x").repeat(1000);
        assert!(
            matches!(rewritten(&[&many]).unwrap().to, Destinations::These { identities, .. } if identities.len() == 1000)
        );
        assert!(rewritten(&[&many, &len(5, b"x")]).is_none());
    }

    #[test]
    fn a_packet_does_not_grow_by_more_than_its_senders_names() {
        assert!(rewritten(&[&len(2, b"").repeat(2)]).is_none());
        assert_eq!(rewritten(&[&len(2, b"")]).unwrap().bytes.len(), 2 + ME.len() + 10);
    }

    #[test]
    fn a_packet_cut_short_anywhere_is_refused_or_whole_fields() {
        let whole = greeting();
        let ends = [0, 2, 2 + 24, 2 + 24 + 5, whole.len()];
        for at in 0..=whole.len() {
            assert_eq!(rewritten(&[&whole[..at]]).is_some(), ends.contains(&at), "{at} bytes");
        }
    }

    #[test]
    fn hostile_packets_are_refused() {
        let victim = len(4, b"victim");
        // To livekit-client the first field's string would end inside the second, at the victim's name, and the last
        // string would swallow ours.
        let blob = [&victim[..], &[0x7a, 2, 0x0a, ME.len() as u8]].concat();
        let overrun = [&[0x52, 2, 0x0a, 2][..], &len(13, &blob)].concat();
        let cases: &[(&str, &[u8])] = &[
            ("a nested length past its message", &overrun),
            ("an overrun two levels down", &len(13, &len(9, b"\x1a\x09x"))),
            ("what a map's entry hasn't", &len(15, &len(3, b"\x2a\x01k"))),
            ("an overrun in a map's entry", &len(15, &len(3, b"\x0a\x40"))),
            ("an overrun in user", &len(2, b"\x12\x7f")),
            ("user as a number", &[0x10, 4, 0x22, 2, b'h', b'i']),
            ("the name as a number", &[0x20, 1]),
            ("the sequence as a string", &len(16, b"1")),
            ("a nested number as a string", &len(10, &len(4, &victim))),
            ("a tag of more than 32 bits", &[0xa2, 0x80, 0x80, 0x80, 0x10, 1, b'x']),
            ("a length of more than 64 bits", &[0x22, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            ("a length as long as there is", &[0x22, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]),
            ("an endless varint", &[0x80; 64]),
            ("field zero", &[0, 1]),
            ("a group", &[0x1b, 0x1c]),
            ("the end of a group", &[0x24]),
            ("wire type six", &[0x26, 0]),
            ("wire type seven", &[0x27, 0]),
            ("a name that isn't text", &len(4, b"\xff")),
            ("an address that isn't text", &len(5, b"\xc0\x80")),
        ];
        for (what, packet) in cases {
            assert!(rewritten(&[packet]).is_none(), "{what}");
            assert!(rewritten(&[&greeting(), packet]).is_none(), "{what}, behind an honest packet");
        }
    }

    #[test]
    fn a_name_is_dropped_however_its_tag_is_spelt() {
        assert_eq!(rewritten(&[b"\xa2\x80\x80\x00\x03eve"]).unwrap().bytes, ME[..]);
    }

    #[test]
    fn no_byte_changed_makes_it_panic_or_lie() {
        let whole = greeting();
        for at in 0..whole.len() {
            for byte in 0..=255 {
                let mut packet = whole.clone();
                packet[at] = byte;
                if let Some(out) = rewritten(&[&packet]) {
                    assert!(out.bytes.ends_with(&ME));
                    // What we emit must be well-formed to ourselves and keep its meaning.
                    assert_eq!(rewritten(&[&out.bytes]).unwrap().bytes, out.bytes, "byte {at} as {byte}");
                }
            }
        }
    }
}
