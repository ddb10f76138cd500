//! We offer, the client answers (Subscriber).
//!
//! One offer is out at a time. Sections keep their place and name for ever; one whose track is gone is offered inactive
//! once, and then carries the next track of its kind. A track whose codecs the answer leaves out is given up.

use std::sync::Arc;

use crate::answerer::renamed;
use crate::codecs;
use crate::parse::{Description, Direction, Feedback, Media, MediaKind, Setup};
use crate::session::{
    Codec, ExtMap, H264Profile, IceCreds, Kind, Mid, NegotiatedSession, PayloadType, Profile, Sctp, Section, SendTrack,
};
use crate::write::{Text, fingerprint, line};
use crate::{LocalDescription, SdpError};

const PM1: Codec = Codec::H264_DEFAULT;
const PM0: Codec = Codec::H264(H264Profile { profile: Profile::Baseline, packetization_mode_1: false });
const MAIN: Codec = Codec::H264(H264Profile { profile: Profile::Main, packetization_mode_1: true });
const HIGH: Codec = Codec::H264(H264Profile { profile: Profile::High, packetization_mode_1: true });
/// The numbers that clients of this protocol have always been offered, so that they meet nothing new.
const AUDIO: [PayloadType; 2] = [
    PayloadType { pt: 111, codec: Codec::Opus, clock_rate: 48_000, rtx: None },
    PayloadType { pt: 63, codec: Codec::Red, clock_rate: 48_000, rtx: None },
];
const VIDEO: [PayloadType; 7] = [
    PayloadType { pt: 96, codec: Codec::Vp8, clock_rate: 90_000, rtx: Some(97) },
    PayloadType { pt: 125, codec: PM1, clock_rate: 90_000, rtx: Some(107) },
    PayloadType { pt: 108, codec: PM0, clock_rate: 90_000, rtx: Some(109) },
    PayloadType { pt: 39, codec: MAIN, clock_rate: 90_000, rtx: Some(40) },
    PayloadType { pt: 123, codec: HIGH, clock_rate: 90_000, rtx: Some(124) },
    PayloadType { pt: 98, codec: Codec::Vp9, clock_rate: 90_000, rtx: Some(99) },
    PayloadType { pt: 35, codec: Codec::Av1, clock_rate: 90_000, rtx: Some(36) },
];
/// Not `actpass`: asked to choose, Pion and str0m would wait for a lite agent to begin the handshake, and we wait too.
const SETUP: &str = "passive";
const MID: u8 = 4;
const ABS_SEND_TIME: u8 = 2;
const TWCC: u8 = 3;
const AUDIO_LEVEL: u8 = 1;
const ORIENTATION: u8 = 13;
const DEPENDENCY: u8 = 8;

#[derive(Clone, Debug)]
pub(crate) struct Offerer {
    ice: IceCreds,
    spare_ice: Option<IceCreds>,
    version: u64,
    /// Media sections; the data channels' section comes before them, with mid 0.
    slots: Vec<Slot>,
    dirty: bool,
    outstanding: Option<Outstanding>,
    given_up: Vec<String>,
}

#[derive(Clone, Debug)]
struct Outstanding {
    text: String,
    /// Media sections in it; more may have been added since.
    sections: usize,
}

#[derive(Clone, Debug)]
struct Slot {
    kind: Kind,
    sending: Option<SendTrack>,
    releasing: bool,
    /// The client refused the section: it stays refused.
    refused: bool,
    /// What the outstanding offer says is sent here.
    offered: Option<SendTrack>,
}

impl Offerer {
    pub(crate) fn new(ice: IceCreds) -> Self {
        Self {
            ice,
            spare_ice: None,
            version: 0,
            slots: Vec::new(),
            dirty: true,
            outstanding: None,
            given_up: Vec::new(),
        }
    }

    pub(crate) fn add_send(&mut self, track: SendTrack) {
        if self.slots.iter().any(|s| s.sending.as_ref().is_some_and(|t| t.track_sid == track.track_sid)) {
            return;
        }
        self.dirty = true;
        let free = |s: &&mut Slot| s.kind == track.kind && s.sending.is_none() && !s.releasing && !s.refused;
        if let Some(slot) = self.slots.iter_mut().find(free) {
            slot.sending = Some(track);
        } else {
            let kind = track.kind;
            self.slots.push(Slot { kind, sending: Some(track), releasing: false, refused: false, offered: None });
        }
    }

    pub(crate) fn remove_send(&mut self, track_sid: &str) {
        for slot in &mut self.slots {
            if slot.sending.as_ref().is_some_and(|t| t.track_sid == track_sid) {
                slot.sending = None;
                slot.releasing = true;
                self.dirty = true;
            }
        }
    }

    pub(crate) fn needs_negotiation(&self) -> bool {
        self.dirty && self.outstanding.is_none()
    }

    pub(crate) fn take_given_up(&mut self) -> Vec<String> {
        std::mem::take(&mut self.given_up)
    }

    pub(crate) fn needs_spare_ice(&self) -> bool {
        self.spare_ice.is_none()
    }

    pub(crate) fn set_spare_ice(&mut self, creds: IceCreds) {
        self.spare_ice = Some(creds);
    }

    pub(crate) fn restart_ice(&mut self) {
        self.ice = match self.spare_ice.take() {
            Some(spare) => spare,
            None => IceCreds { ufrag: renamed(&self.ice.ufrag), pwd: self.ice.pwd.clone() },
        };
        self.outstanding = None;
        self.dirty = true;
    }

    /// While one is out, the same again.
    pub(crate) fn create_offer(&mut self, local: &LocalDescription) -> String {
        if let Some(offer) = &self.outstanding {
            return offer.text.clone();
        }
        self.dirty = false;
        self.version += 1;
        let names: Vec<String> = (0..=self.slots.len()).map(|n| n.to_string()).collect();
        let group: Vec<&str> = names
            .iter()
            .enumerate()
            .filter(|(n, _)| *n == 0 || !self.slots[n - 1].refused)
            .map(|(_, name)| name.as_str())
            .collect();
        let mut offer = Text::session(local, self.version, &group);
        let fingerprint = fingerprint(&local.fingerprint);
        line!(offer, "m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
        offer.transport(local, &self.ice, SETUP, &fingerprint, true);
        line!(offer, "a=mid:0");
        offer.data_channels();
        for (slot, mid) in self.slots.iter_mut().zip(&names[1..]) {
            slot.offered.clone_from(&slot.sending);
            slot.write(&mut offer, local, &self.ice, &fingerprint, mid);
        }
        self.outstanding = Some(Outstanding { text: offer.0.clone(), sections: self.slots.len() });
        offer.0
    }

    pub(crate) fn accept_answer(&mut self, text: &str) -> Result<Arc<NegotiatedSession>, SdpError> {
        let Some(offer) = &self.outstanding else {
            return Err(SdpError::new("sdp.no_offer", "it answers no offer of ours"));
        };
        let answer = Description::parse(text)?;
        if answer.sections.len() != offer.sections + 1 {
            return Err(SdpError::new("sdp.sections_differ", "its sections are not those of our offer"));
        }
        // Pion's says `passive` to a lite agent, whatever it was offered, and yet acts as the offer has it.
        if answer.sections.iter().any(|m| matches!(m.transport.setup, Some(Setup::ActPass | Setup::HoldConn))) {
            return Err(SdpError::new("sdp.bad_setup", "it leaves open who begins the DTLS handshake"));
        }
        let used = || answer.sections.iter().filter(|m| !m.is_rejected()).map(|m| m.transport);
        let creds = used().find_map(|t| Some((t.ufrag?, t.pwd?)));
        let (ufrag, pwd) = creds.ok_or_else(|| SdpError::new("sdp.no_ice", "it names no ICE credentials"))?;
        let fingerprint = used()
            .find_map(|t| t.fingerprint)
            .ok_or_else(|| SdpError::new("sdp.no_fingerprint", "it names no SHA-256 fingerprint of a certificate"))?;
        let mut session = NegotiatedSession {
            local_ice: self.ice.clone(),
            remote_ice: IceCreds { ufrag: ufrag.to_owned(), pwd: pwd.to_owned() },
            remote_fingerprint: fingerprint,
            sections: Vec::with_capacity(self.slots.len()),
            sctp: None,
        };
        let data = &answer.sections[0];
        if data.kind == MediaKind::Application && !data.is_rejected() {
            session.sctp = Some(Sctp {
                port: data.sctp_port.unwrap_or(5000),
                max_message_size: data.max_message_size.unwrap_or(65_536),
            });
        }
        for (n, (slot, media)) in self.slots.iter_mut().zip(&answer.sections[1..]).enumerate() {
            let mid = Mid::new(&(n + 1).to_string())
                .ok_or_else(|| SdpError::new("sdp.bad_mid", "there are too many sections"))?;
            session.sections.push(slot.section(media, mid));
        }
        for ((slot, media), section) in self.slots.iter_mut().zip(&answer.sections[1..]).zip(&session.sections) {
            slot.refused |= media.is_rejected();
            if slot.is_hopeless(media, section)
                && let Some(track) = slot.sending.take()
            {
                self.given_up.push(track.track_sid);
                slot.releasing = true;
                self.dirty = true;
            }
            // Taken away while the offer was out: the client is still to hear of it.
            slot.releasing &= slot.offered.is_some();
            slot.offered = None;
        }
        self.outstanding = None;
        Ok(Arc::new(session))
    }
}

impl Slot {
    fn payloads(&self) -> Vec<PayloadType> {
        let mut payloads = match self.kind {
            Kind::Audio => AUDIO.to_vec(),
            Kind::Video => VIDEO.to_vec(),
        };
        if let Some(track) = &self.offered {
            for codec in [track.backup, Some(track.codec)].into_iter().flatten() {
                payloads.sort_by_key(|p| (p.codec != codec, !p.codec.same_name(codec)));
            }
        }
        payloads
    }

    fn exts(&self) -> ExtMap {
        match self.kind {
            Kind::Audio => ExtMap { mid: Some(MID), audio_level: Some(AUDIO_LEVEL), ..ExtMap::default() },
            Kind::Video => ExtMap {
                mid: Some(MID),
                abs_send_time: Some(ABS_SEND_TIME),
                twcc: Some(TWCC),
                orientation: Some(ORIENTATION),
                dependency: Some(DEPENDENCY),
                ..ExtMap::default()
            },
        }
    }

    fn feedback(&self) -> Feedback {
        let video = self.kind == Kind::Video;
        Feedback { nack: true, pli: video, fir: video, twcc: video, remb: video }
    }

    fn write(&self, offer: &mut Text, local: &LocalDescription, ice: &IceCreds, fingerprint: &str, mid: &str) {
        let (name, channels) = match self.kind {
            Kind::Audio => ("audio", "/2"),
            Kind::Video => ("video", ""),
        };
        let payloads = self.payloads();
        let numbers = payloads.iter().flat_map(|p| [Some(p.pt), p.rtx]).flatten();
        let numbers: Vec<String> = numbers.map(|pt| pt.to_string()).collect();
        let port = if self.refused { 0 } else { 9 };
        line!(offer, "m={name} {port} UDP/TLS/RTP/SAVPF {}", numbers.join(" "));
        offer.transport(local, ice, SETUP, fingerprint, false);
        line!(offer, "a=mid:{mid}");
        for (id, uri) in codecs::ext_lines(&self.exts()) {
            line!(offer, "a=extmap:{id} {uri}");
        }
        offer.direction(Direction { send: self.offered.is_some(), recv: false });
        line!(offer, "a=rtcp-mux");
        line!(offer, "a=rtcp-rsize");
        for payload in payloads {
            let pt = payload.pt;
            line!(offer, "a=rtpmap:{pt} {}/{}{channels}", payload.codec.name(), payload.clock_rate);
            if payload.codec == Codec::Red {
                line!(offer, "a=fmtp:{pt} 111/111");
                continue;
            }
            offer.feedback(pt, self.feedback());
            match payload.codec {
                Codec::Opus => {
                    let stereo = if self.offered.as_ref().is_some_and(|t| t.stereo) { ";sprop-stereo=1" } else { "" };
                    line!(offer, "a=fmtp:{pt} minptime=10;useinbandfec=1{stereo}");
                }
                Codec::H264(profile) => {
                    let mode = u8::from(profile.packetization_mode_1);
                    let level = match profile.profile {
                        Profile::Baseline => "profile-level-id=42e01f",
                        Profile::Main => "profile-level-id=4d001f",
                        Profile::High => "profile-level-id=640032",
                    };
                    line!(offer, "a=fmtp:{pt} level-asymmetry-allowed=1;packetization-mode={mode};{level}");
                }
                _ => {}
            }
            if let Some(rtx) = payload.rtx {
                line!(offer, "a=rtpmap:{rtx} rtx/90000");
                line!(offer, "a=fmtp:{rtx} apt={pt}");
            }
        }
        if let Some(track) = &self.offered {
            offer.sending(track);
        }
    }

    fn section(&self, media: &Media<'_>, mid: Mid) -> Section {
        let accepted = !media.is_rejected();
        // The answer may keep fewer; the numbers stay ours, in the client's order.
        let ours = self.payloads();
        let kept = media.formats.iter().filter(|_| accepted);
        let codecs: Vec<PayloadType> = kept
            .filter_map(|f| ours.iter().find(|p| p.pt == f.pt).copied())
            .map(|p| PayloadType { rtx: p.rtx.filter(|rtx| media.formats.iter().any(|f| f.pt == *rtx)), ..p })
            .collect();
        let theirs = codecs::agree_exts(media);
        let both = |ours: Option<u8>, theirs: Option<u8>| ours.filter(|id| theirs == Some(*id));
        let ours = self.exts();
        let exts = ExtMap {
            mid: both(ours.mid, theirs.mid),
            abs_send_time: both(ours.abs_send_time, theirs.abs_send_time),
            twcc: both(ours.twcc, theirs.twcc),
            audio_level: both(ours.audio_level, theirs.audio_level),
            orientation: both(ours.orientation, theirs.orientation),
            dependency: both(ours.dependency, theirs.dependency),
            ..ExtMap::default()
        };
        let forwarded = media.formats.iter().find(|f| codecs.iter().any(|c| c.pt == f.pt && c.codec != Codec::Red));
        let feedback = forwarded.map(|f| f.feedback).unwrap_or_default();
        let sending = self.offered.clone().filter(|t| media.direction.recv && carry(&codecs, t));
        let sending = sending.filter(|_| self.sending == self.offered); // not taken away meanwhile
        Section {
            mid,
            kind: self.kind,
            recv: false,
            send: sending.is_some(),
            codecs,
            exts,
            rids: Vec::new(),
            ssrcs: Vec::new(),
            rtx_pairs: Vec::new(),
            msid_track: None,
            stereo: false,
            nack: feedback.nack,
            twcc: feedback.twcc && exts.twcc.is_some(),
            sending,
        }
    }

    /// The client takes what is offered here, but not in its codec; a section left without any codec is refused.
    fn is_hopeless(&self, media: &Media<'_>, section: &Section) -> bool {
        (media.direction.recv || media.is_rejected())
            && self.sending == self.offered
            && self.offered.as_ref().is_some_and(|track| !carry(&section.codecs, track))
    }
}

fn carry(codecs: &[PayloadType], track: &SendTrack) -> bool {
    track.codecs().any(|codec| codecs.iter().any(|p| p.codec.decodes(codec)))
}
