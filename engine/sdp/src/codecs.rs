//! What we agree on of the formats and extensions that are offered.

use crate::parse::{Feedback, Format, Media, MediaKind};
use crate::session::{Codec, ExtMap, H264Profile, PayloadType, Profile, SendTrack, Wish};

/// So many may be in one packet of RED.
const FRAMES: usize = 4;

/// A format we take, as it goes into an answer.
#[derive(Clone, Debug)]
pub(crate) struct Agreed<'a> {
    pub(crate) payload: PayloadType,
    pub(crate) format: Format<'a>,
}

/// The formats of a section that we forward, in its order; one for each codec and profile.
pub(crate) fn agree<'a>(media: &Media<'a>) -> Vec<Agreed<'a>> {
    let mut agreed: Vec<Agreed<'a>> = Vec::with_capacity(3);
    for format in &media.formats {
        let Some(codec) = read_codec(media.kind, format) else { continue };
        if let Some(same) = agreed.iter_mut().find(|a| a.payload.codec == codec) {
            // Constrained baseline is what all decode: it takes the place of plain baseline.
            if matches!(codec, Codec::H264(H264Profile { profile: Profile::Baseline, .. }))
                && !is_constrained(same.format.fmtp)
                && is_constrained(format.fmtp)
            {
                same.payload.pt = format.pt;
                same.format = format.clone();
            }
            continue;
        }
        let payload = PayloadType { pt: format.pt, codec, clock_rate: format.clock_rate, rtx: None };
        agreed.push(Agreed { payload, format: format.clone() });
    }
    for agreed in &mut agreed {
        let apt = |f: &Format<'_>| parameter(f.fmtp, "apt").and_then(|v| v.parse::<u8>().ok());
        let rtx =
            media.formats.iter().find(|f| f.name.eq_ignore_ascii_case("rtx") && apt(f) == Some(agreed.payload.pt));
        agreed.payload.rtx = rtx.map(|f| f.pt);
        let feedback = &mut agreed.format.feedback;
        if media.kind == MediaKind::Audio {
            *feedback = Feedback { nack: feedback.nack, ..Feedback::default() };
        }
    }
    let repeats = agreed.iter().find(|a| a.payload.codec == Codec::Opus).map(|opus| opus.payload.pt);
    agreed.retain(|a| a.payload.codec != Codec::Red || repeats.is_some_and(|pt| repeats_only(a.format.fmtp, pt)));
    baseline_first(&mut agreed);
    agreed
}

/// The frames that are said again are all of that format.
fn repeats_only(fmtp: &str, pt: u8) -> bool {
    let mut formats = fmtp.split('/').take(FRAMES + 1);
    (1..=FRAMES).contains(&formats.clone().count()) && formats.all(|format| format.trim().parse() == Ok(pt))
}

/// Of H.264 what all decode comes before what some do: some encoders name High first. The place among other codecs is kept.
fn baseline_first(agreed: &mut [Agreed<'_>]) {
    let profile = |a: &Agreed<'_>| match a.payload.codec {
        Codec::H264(variant) => Some(variant.profile),
        _ => None,
    };
    let Some(first) = agreed.iter().position(|a| profile(a).is_some()) else { return };
    agreed[first..].sort_by_key(|a| profile(a).map_or((1, Profile::Baseline), |profile| (0, profile)));
}

/// Moves the codec asked for to the front, then its other profiles; the order is kept otherwise.
pub(crate) fn prefer(agreed: &mut [Agreed<'_>], codec: Codec) {
    agreed.sort_by_key(|a| (a.payload.codec != codec, !a.payload.codec.same_name(codec)));
}

/// What a track is had in comes before all else, its first codec before the backup.
pub(crate) fn prefer_of(agreed: &mut [Agreed<'_>], track: &SendTrack) {
    for codec in [track.backup, Some(track.codec)].into_iter().flatten() {
        prefer(agreed, codec);
    }
}

fn read_codec(kind: MediaKind, format: &Format<'_>) -> Option<Codec> {
    let name = format.name;
    match kind {
        MediaKind::Audio if name.eq_ignore_ascii_case("opus") && format.clock_rate == 48_000 => Some(Codec::Opus),
        MediaKind::Audio if name.eq_ignore_ascii_case("red") && format.clock_rate == 48_000 => Some(Codec::Red),
        MediaKind::Video if format.clock_rate != 90_000 => None,
        MediaKind::Video if name.eq_ignore_ascii_case("VP8") => Some(Codec::Vp8),
        // The profile that all decode; none given is that one (RFC 9628 §6.1, AV1's payload specification §7.2.1).
        MediaKind::Video if name.eq_ignore_ascii_case("VP9") => {
            (parameter(format.fmtp, "profile-id").unwrap_or("0") == "0").then_some(Codec::Vp9)
        }
        MediaKind::Video if name.eq_ignore_ascii_case("AV1") => {
            (parameter(format.fmtp, "profile").unwrap_or("0") == "0").then_some(Codec::Av1)
        }
        MediaKind::Video if name.eq_ignore_ascii_case("H264") => {
            // RFC 6184: no profile given is baseline, no mode given is 0.
            let profile = parameter(format.fmtp, "profile-level-id").unwrap_or("42000a");
            let packetization_mode_1 = match parameter(format.fmtp, "packetization-mode").unwrap_or("0") {
                "0" => false,
                "1" => true,
                _ => return None,
            };
            let well_formed = profile.len() == 6 && profile.bytes().all(|b| b.is_ascii_hexdigit());
            let idc = u8::from_str_radix(profile.get(..2)?, 16).ok().filter(|_| well_formed)?;
            let profile = Profile::from_idc(idc)?;
            Some(Codec::H264(H264Profile { profile, packetization_mode_1 }))
        }
        _ => None,
    }
}

fn is_constrained(fmtp: &str) -> bool {
    // Bit 6 of profile-iop (RFC 6184 §8.1).
    parameter(fmtp, "profile-level-id")
        .and_then(|p| u8::from_str_radix(p.get(2..4)?, 16).ok())
        .is_some_and(|iop| iop & 0x40 != 0)
}

/// The format parameters we answer with; empty for none.
pub(crate) fn answer_fmtp(payload: PayloadType, format: &Format<'_>, wish: Option<Wish>) -> String {
    let offered = format.fmtp;
    let mut fmtp = match payload.codec {
        Codec::Opus => {
            let (stereo, dtx) = wish.map_or((false, false), |w| (w.stereo, w.dtx));
            let (stereo, dtx) = (if stereo { ";stereo=1" } else { "" }, if dtx { ";usedtx=1" } else { "" });
            format!("minptime=10;useinbandfec=1{stereo}{dtx}")
        }
        Codec::H264(profile) => {
            let level = parameter(offered, "profile-level-id").unwrap_or("42000a");
            let mode = u8::from(profile.packetization_mode_1);
            format!("level-asymmetry-allowed=1;packetization-mode={mode};profile-level-id={level}")
        }
        Codec::Vp9 => "profile-id=0".to_owned(),
        Codec::Red => return offered.to_owned(),
        _ => String::new(),
    };
    // A client sends by the parameters of our answer, so what it wishes for itself is given back to it.
    for name in ["usedtx", "x-google-start-bitrate"] {
        if fmtp.contains(name) {
            continue;
        }
        let value = parameter(offered, name).filter(|v| v.len() <= 8 && v.bytes().all(|b| b.is_ascii_digit()));
        if let Some(value) = value.filter(|v| *v != "0") {
            let semicolon = if fmtp.is_empty() { "" } else { ";" };
            fmtp = format!("{fmtp}{semicolon}{name}={value}");
        }
    }
    fmtp
}

fn parameter<'a>(fmtp: &'a str, name: &str) -> Option<&'a str> {
    fmtp.split(';').find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        key.eq_ignore_ascii_case(name).then_some(value)
    })
}

pub(crate) const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
pub(crate) const ABS_SEND_TIME: &str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
pub(crate) const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
pub(crate) const ORIENTATION: &str = "urn:3gpp:video-orientation";
const DEPENDENCY: &str = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
const RRID: &str = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
const TWCC: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

/// The extensions of a section that we know. A video section takes the layer ids even when nothing is sent on it yet:
/// a later simulcast section of the same bundle could not have them otherwise.
pub(crate) fn agree_exts(media: &Media<'_>) -> ExtMap {
    let mut map = ExtMap::default();
    let video = media.kind == MediaKind::Video;
    for &(id, uri) in &media.exts {
        let slot = match uri {
            MID => &mut map.mid,
            ABS_SEND_TIME if video => &mut map.abs_send_time,
            TWCC if video => &mut map.twcc,
            RID if video => &mut map.rid,
            RRID if video => &mut map.rrid,
            ORIENTATION if video => &mut map.orientation,
            DEPENDENCY if video => &mut map.dependency,
            AUDIO_LEVEL if !video => &mut map.audio_level,
            _ => continue,
        };
        slot.get_or_insert(id);
    }
    map
}

/// (id, uri) of all that are agreed on.
pub(crate) fn ext_lines(map: &ExtMap) -> impl Iterator<Item = (u8, &'static str)> {
    let all = [
        (map.audio_level, AUDIO_LEVEL),
        (map.abs_send_time, ABS_SEND_TIME),
        (map.twcc, TWCC),
        (map.mid, MID),
        (map.rid, RID),
        (map.rrid, RRID),
        (map.orientation, ORIENTATION),
        (map.dependency, DEPENDENCY),
    ];
    all.into_iter().filter_map(|(id, uri)| Some((id?, uri)))
}
