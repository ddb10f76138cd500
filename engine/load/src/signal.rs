//! The part of LiveKit's signalling that a light client needs. Law: what it doesn't read is skipped, not decoded, so that
//! a server that tells much costs the generator little.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use prost::{Message, Oneof};
use serde_json::json;

const AUDIO: i32 = 0;
const VIDEO: i32 = 1;
const CAMERA: i32 = 1;
const MICROPHONE: i32 = 2;
const PROTOCOL: i32 = 16;

#[derive(Clone, PartialEq, Message)]
pub struct SignalRequest {
    #[prost(oneof = "Request", tags = "1, 2, 3, 4, 8, 14")]
    pub message: Option<Request>,
}

#[derive(Clone, PartialEq, Oneof)]
pub enum Request {
    #[prost(message, tag = "1")]
    Offer(SessionDescription),
    #[prost(message, tag = "2")]
    Answer(SessionDescription),
    #[prost(message, tag = "3")]
    Trickle(Trickle),
    #[prost(message, tag = "4")]
    AddTrack(AddTrack),
    #[prost(message, tag = "8")]
    Leave(Empty),
    #[prost(int64, tag = "14")]
    Ping(i64),
}

#[derive(Clone, PartialEq, Message)]
pub struct SignalResponse {
    #[prost(oneof = "Response", tags = "1, 2, 3, 4, 6, 8, 25")]
    pub message: Option<Response>,
}

#[derive(Clone, PartialEq, Oneof)]
pub enum Response {
    #[prost(message, tag = "1")]
    Join(Join),
    #[prost(message, tag = "2")]
    Answer(SessionDescription),
    #[prost(message, tag = "3")]
    Offer(SessionDescription),
    #[prost(message, tag = "4")]
    Trickle(Trickle),
    #[prost(message, tag = "6")]
    TrackPublished(Empty),
    #[prost(message, tag = "8")]
    Leave(Leave),
    #[prost(message, tag = "25")]
    Sections(Sections),
}

#[derive(Clone, PartialEq, Message)]
pub struct Join {
    #[prost(int32, tag = "11")]
    pub ping_interval: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Leave {
    #[prost(int32, tag = "2")]
    pub reason: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Empty {}

#[derive(Clone, PartialEq, Message)]
pub struct SessionDescription {
    #[prost(string, tag = "1")]
    pub kind: String,
    #[prost(string, tag = "2")]
    pub sdp: String,
    #[prost(uint32, tag = "3")]
    pub id: u32,
}

#[derive(Clone, PartialEq, Message)]
pub struct Trickle {
    /// JSON.
    #[prost(string, tag = "1")]
    pub candidate: String,
    /// 0 the publisher's connection, 1 the subscriber's.
    #[prost(int32, tag = "2")]
    pub target: i32,
}

#[derive(Clone, PartialEq, Message)]
pub struct AddTrack {
    #[prost(string, tag = "1")]
    pub cid: String,
    #[prost(string, tag = "2")]
    pub name: String,
    #[prost(int32, tag = "3")]
    pub kind: i32,
    #[prost(uint32, tag = "4")]
    pub width: u32,
    #[prost(uint32, tag = "5")]
    pub height: u32,
    #[prost(bool, tag = "6")]
    pub muted: bool,
    #[prost(int32, tag = "8")]
    pub source: i32,
    #[prost(bool, tag = "13")]
    pub disable_red: bool,
}

#[derive(Clone, PartialEq, Message)]
pub struct Sections {
    #[prost(uint32, tag = "1")]
    pub audio: u32,
}

#[derive(Clone, PartialEq, Message)]
struct WrappedJoinRequest {
    #[prost(bytes = "vec", tag = "2")]
    join_request: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
struct JoinRequest {
    #[prost(message, optional, tag = "1")]
    client: Option<ClientInfo>,
    #[prost(message, optional, tag = "2")]
    settings: Option<ConnectionSettings>,
    #[prost(message, repeated, tag = "5")]
    tracks: Vec<AddTrack>,
    #[prost(message, optional, tag = "6")]
    offer: Option<SessionDescription>,
}

#[derive(Clone, PartialEq, Message)]
struct ClientInfo {
    #[prost(int32, tag = "3")]
    protocol: i32,
}

#[derive(Clone, PartialEq, Message)]
struct ConnectionSettings {
    #[prost(bool, tag = "1")]
    auto_subscribe: bool,
}

/// A microphone.
pub fn microphone(cid: &str, muted: bool) -> AddTrack {
    AddTrack {
        cid: cid.to_owned(),
        name: "microphone".into(),
        kind: AUDIO,
        muted,
        source: MICROPHONE,
        disable_red: true,
        ..AddTrack::default()
    }
}

/// A camera.
pub fn camera(cid: &str) -> AddTrack {
    let (width, height) = (1280, 720);
    let (cid, name) = (cid.to_owned(), cid.to_owned());
    AddTrack { cid, name, kind: VIDEO, width, height, source: CAMERA, ..AddTrack::default() }
}

pub fn offer(sdp: String, id: u32) -> SessionDescription {
    SessionDescription { kind: "offer".into(), sdp, id }
}

pub fn answer(sdp: String, id: u32) -> SessionDescription {
    SessionDescription { kind: "answer".into(), sdp, id }
}

/// The path of a client with two connections; its offers come later.
pub fn path_of_two(subscribes: bool) -> String {
    format!("/rtc?auto_subscribe={}&protocol={PROTOCOL}", u8::from(subscribes))
}

/// The path of a client with one connection, with its first offer inside.
pub fn path_of_one(track: AddTrack, offer: SessionDescription) -> String {
    let request = JoinRequest {
        client: Some(ClientInfo { protocol: PROTOCOL }),
        settings: Some(ConnectionSettings { auto_subscribe: true }),
        tracks: vec![track],
        offer: Some(offer),
    };
    let wrapped = WrappedJoinRequest { join_request: request.encode_to_vec() };
    format!("/rtc/v1?join_request={}", URL_SAFE.encode(wrapped.encode_to_vec()))
}

/// What opens a room, for an hour.
pub fn token(key: &str, secret: &str, room: &str, identity: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let claims = json!({
        "iss": key, "sub": identity, "nbf": now - 5, "exp": now + 3600,
        "video": {"roomJoin": true, "room": room},
    });
    let signing = EncodingKey::from_secret(secret.as_bytes());
    encode(&Header::new(Algorithm::HS256), &claims, &signing).expect("claims that can be signed")
}
