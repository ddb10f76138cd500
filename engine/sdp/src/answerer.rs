//! The client offers, we answer (Publisher, Single).
//!
//! A section we send on goes through `inactive` once before it carries another track: browsers tell their page of a new
//! track only when a section begins to receive, not when its `a=msid` changes.
//!
//! An offer is read ([`Offer`]), decided ([`Answer`]), and written down; only the middle changes what we remember.
//!
//! A track goes out only where its codec is agreed on. One whose codecs are in none of the sections on which the client
//! receives its kind is given up: waiting for another section it would ask the client for more of them for ever.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::codecs::{self, Agreed};
use crate::offered::{Offer, Offered, Remote};
use crate::parse::{Direction, Media, MediaKind};
use crate::session::{Codec, IceCreds, Kind, Mid, NegotiatedSession, Sctp, Section, SendTrack, Wish};
use crate::write::{Text, fingerprint, line};
use crate::{LocalDescription, SdpError};

#[derive(Clone, Debug)]
pub(crate) struct Answerer {
    may_send: bool,
    ice: IceCreds,
    spare_ice: Option<IceCreds>,
    remote_ice: Option<IceCreds>,
    version: u64,
    slots: Vec<Slot>,
    waiting: VecDeque<SendTrack>,
    given_up: Vec<String>,
}

/// What an offer came to.
struct Answer<'a> {
    sections: Vec<Answered<'a>>,
    session: NegotiatedSession,
}

/// A section of it.
struct Answered<'a> {
    offered: Offered<'a>,
    accepted: bool,
    /// `None` for what is not media.
    section: Option<Section>,
    wish: Option<Wish>,
}

/// What we remember of a section, by its place.
#[derive(Clone, Debug, Default)]
struct Slot {
    mid: String,
    kind: Option<Kind>,
    client_receives: bool,
    /// What it was last agreed to carry.
    codecs: Vec<Codec>,
    sending: Option<SendTrack>,
    /// Its track has been taken away, and the client does not know yet.
    releasing: bool,
}

impl Slot {
    fn is_free(&self) -> bool {
        self.sending.is_none() && !self.releasing
    }

    fn receives(&self, kind: Kind) -> bool {
        self.kind == Some(kind) && self.client_receives
    }

    fn can_carry(&self, track: &SendTrack) -> bool {
        self.receives(track.kind) && can_go_as(&self.codecs, track)
    }
}

impl Answerer {
    pub(crate) fn new(may_send: bool, ice: IceCreds) -> Self {
        Self {
            may_send,
            ice,
            spare_ice: None,
            remote_ice: None,
            version: 0,
            slots: Vec::new(),
            waiting: VecDeque::new(),
            given_up: Vec::new(),
        }
    }

    pub(crate) fn add_send(&mut self, track: SendTrack) {
        let known = self.slots.iter().filter_map(|s| s.sending.as_ref()).chain(&self.waiting);
        if self.may_send && known.into_iter().all(|t| t.track_sid != track.track_sid) {
            self.waiting.push_back(track);
        }
    }

    pub(crate) fn remove_send(&mut self, track_sid: &str) {
        self.waiting.retain(|t| t.track_sid != track_sid);
        for slot in &mut self.slots {
            if slot.sending.as_ref().is_some_and(|t| t.track_sid == track_sid) {
                slot.sending = None;
                slot.releasing = true;
            }
        }
    }

    pub(crate) fn missing(&self) -> (u32, u32) {
        // One that is being released will be free after the next answer.
        let mut there: Vec<&Slot> = self.slots.iter().filter(|s| s.sending.is_none()).collect();
        let (mut audio, mut video) = (0, 0);
        for track in &self.waiting {
            match there.iter().position(|s| s.can_carry(track)) {
                Some(taken) => {
                    there.swap_remove(taken);
                }
                None if is_hopeless(&self.slots, track) => {} // the next answer gives it up
                None if track.kind == Kind::Audio => audio += 1,
                None => video += 1,
            }
        }
        (audio, video)
    }

    pub(crate) fn needs_negotiation(&self) -> bool {
        !self.waiting.is_empty() || self.slots.iter().any(|s| s.releasing)
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

    pub(crate) fn accept_offer(
        &mut self,
        local: &LocalDescription,
        text: &str,
        wishes: &[(String, Wish)],
    ) -> Result<(String, Arc<NegotiatedSession>), SdpError> {
        let offer = Offer::read(text)?;
        let mut next = self.clone(); // a refused offer changes nothing
        let answer = next.decide(offer, wishes)?;
        *self = next;
        Ok((self.write(local, &answer), Arc::new(answer.session)))
    }

    fn decide<'a>(&mut self, offer: Offer<'a>, wishes: &[(String, Wish)]) -> Result<Answer<'a>, SdpError> {
        let Offer { mut sections, remote } = offer;
        if sections.len() < self.slots.len() {
            return Err(SdpError::new("sdp.sections_removed", "it has fewer sections than the one before"));
        }
        self.take_ice(&remote.ice);
        self.place(&sections);
        self.attach();
        for (slot, offered) in self.slots.iter().zip(&mut sections) {
            let asked = wish(&offered.media, wishes).map(|w| w.codec);
            match &slot.sending {
                Some(track) => codecs::prefer_of(&mut offered.agreed, track),
                None => asked.into_iter().for_each(|codec| codecs::prefer(&mut offered.agreed, codec)),
            }
        }
        let decided = self.slots.iter().zip(sections).map(|(slot, offered)| Answered {
            wish: wish(&offered.media, wishes),
            accepted: offered.is_usable(),
            section: slot.section(&offered, wish(&offered.media, wishes)),
            offered,
        });
        let sections: Vec<Answered<'a>> = decided.collect();
        for slot in &mut self.slots {
            slot.releasing = false;
        }
        self.version += 1;
        let session = self.session(remote, &sections);
        Ok(Answer { sections, session })
    }

    /// Takes in what the offer says of each place.
    fn place(&mut self, sections: &[Offered<'_>]) {
        self.slots.resize_with(sections.len(), Slot::default);
        for (slot, offered) in self.slots.iter_mut().zip(sections) {
            // A track whose section was taken away waits for another, before all others.
            if let Some(track) = slot.update(&offered.media, &offered.agreed, &offered.mid) {
                self.waiting.push_front(track);
            }
        }
    }

    fn session(&self, remote: Remote, sections: &[Answered<'_>]) -> NegotiatedSession {
        let channels = sections.iter().rfind(|s| s.accepted && s.section.is_none()).map(|s| &s.offered.media);
        NegotiatedSession {
            local_ice: self.ice.clone(),
            remote_ice: remote.ice,
            remote_fingerprint: remote.fingerprint,
            sections: sections.iter().filter_map(|s| s.section.clone()).collect(),
            sctp: channels.map(|media| Sctp {
                port: media.sctp_port.unwrap_or(5000),
                // RFC 8841 §6.1: 64 kB when it is not said.
                max_message_size: media.max_message_size.unwrap_or(65_536),
            }),
        }
    }

    fn write(&self, local: &LocalDescription, answer: &Answer<'_>) -> String {
        let accepted = || answer.sections.iter().filter(|s| s.accepted);
        let group: Vec<&str> = accepted().map(|s| s.offered.mid.as_str()).collect();
        let mut text = Text::session(local, self.version, &group);
        let fingerprint = fingerprint(&local.fingerprint);
        let mut first = true;
        for section in &answer.sections {
            if section.accepted {
                section.write_head(&mut text);
                text.transport(local, &self.ice, "passive", &fingerprint, std::mem::take(&mut first));
                section.write_rest(&mut text);
            } else {
                section.write_refusal(&mut text);
            }
        }
        text.0
    }

    /// Other credentials than last time are an ICE restart, which takes other credentials of ours.
    fn take_ice(&mut self, remote: &IceCreds) {
        if self.remote_ice.as_ref().is_some_and(|known| known != remote) {
            self.ice = match self.spare_ice.take() {
                Some(spare) => spare,
                // Nobody gave us any: another name under the same secret is a restart, too.
                None => IceCreds { ufrag: renamed(&self.ice.ufrag), pwd: self.ice.pwd.clone() },
            };
        }
        self.remote_ice = Some(remote.clone());
    }

    /// Gives free sections to waiting tracks, the oldest first.
    fn attach(&mut self) {
        let Self { slots, waiting, given_up, .. } = self;
        waiting.retain(|track| {
            if let Some(slot) = slots.iter_mut().find(|s| s.is_free() && s.can_carry(track)) {
                slot.sending = Some(track.clone());
                return false;
            }
            let hopeless = is_hopeless(slots, track);
            if hopeless {
                given_up.push(track.track_sid.clone());
            }
            !hopeless
        });
    }
}

fn can_go_as(codecs: &[Codec], track: &SendTrack) -> bool {
    track.codecs().any(|codec| codecs.iter().any(|c| c.decodes(codec)))
}

/// The client receives tracks of this kind, and in this codec none.
fn is_hopeless(slots: &[Slot], track: &SendTrack) -> bool {
    slots.iter().any(|s| s.receives(track.kind)) && !slots.iter().any(|s| s.can_carry(track))
}

impl Slot {
    /// Takes in what the offer says of this place; gives back the track that can no longer go out here.
    fn update(&mut self, media: &Media<'_>, agreed: &[Agreed<'_>], mid: &Mid) -> Option<SendTrack> {
        let kind = match media.kind {
            MediaKind::Audio => Some(Kind::Audio),
            MediaKind::Video => Some(Kind::Video),
            _ => None,
        };
        let codecs = agreed.iter().map(|a| a.payload.codec).collect();
        let client_receives = media.direction.recv && !media.is_rejected();
        if self.mid != mid.as_str() || self.kind != kind {
            let gone = self.sending.take();
            *self = Self { mid: mid.to_string(), kind, client_receives, codecs, sending: None, releasing: false };
            return gone;
        }
        (self.client_receives, self.codecs) = (client_receives, codecs);
        let gone = self.sending.take_if(|track| !client_receives || !can_go_as(&self.codecs, track));
        // Where the client receives still, it has to see the section inactive before it sees another track on it.
        self.releasing |= gone.is_some() && client_receives;
        gone
    }

    /// `None` for what is not media.
    fn section(&self, offered: &Offered<'_>, wish: Option<Wish>) -> Option<Section> {
        let Offered { media, mid, agreed, .. } = offered;
        let kind = self.kind?;
        let mut section = Section {
            mid: *mid,
            kind,
            recv: false,
            send: false,
            codecs: Vec::new(),
            exts: codecs::agree_exts(media),
            rids: Vec::new(),
            ssrcs: Vec::new(),
            rtx_pairs: Vec::new(),
            msid_track: None,
            stereo: false,
            nack: false,
            twcc: false,
            sending: None,
        };
        if !offered.is_usable() {
            return Some(section);
        }
        let forwarded = agreed.iter().find(|a| a.payload.codec != Codec::Red);
        let feedback = forwarded.map(|a| a.format.feedback).unwrap_or_default();
        section.codecs = agreed.iter().map(|a| a.payload).collect();
        section.recv = media.direction.send;
        section.sending.clone_from(&self.sending);
        section.send = section.sending.is_some();
        section.nack = feedback.nack;
        section.twcc = feedback.twcc && section.exts.twcc.is_some();
        if section.recv {
            // A sender of VP8 that has the descriptor leaves out of the payload what is renumbered there, and which layer it is of
            // (libwebrtc: RTPSenderVideo, MinimizeDescriptor). AV1 says it nowhere else.
            section.exts.dependency = section.exts.dependency.filter(|_| section.codecs[0].codec == Codec::Av1);
            section.stereo = wish.is_some_and(|wish| wish.stereo);
            if section.exts.rid.is_some() {
                section.rids = media.layers();
            }
            section.ssrcs = if media.sim.is_empty() { media.ssrcs.clone() } else { primaries_first(media) };
            section.rtx_pairs.clone_from(&media.fid);
            section.msid_track = media.msid.map(|(_, track)| track.to_owned());
        }
        Some(section)
    }
}

impl Answered<'_> {
    fn write_head(&self, answer: &mut Text) {
        let Offered { media: Media { kind_text, proto, .. }, agreed, .. } = &self.offered;
        if self.section.is_none() {
            return line!(answer, "m={kind_text} 9 {proto} webrtc-datachannel");
        }
        let mut list = String::new();
        for pt in agreed.iter().flat_map(|a| [Some(a.payload.pt), a.payload.rtx]).flatten() {
            let _ = write!(list, " {pt}"); // writing to a String does not fail
        }
        line!(answer, "m={kind_text} 9 {proto}{list}");
    }

    fn write_rest(&self, answer: &mut Text) {
        line!(answer, "a=mid:{}", self.offered.mid);
        match &self.section {
            Some(section) => self.write_media(answer, section),
            None => answer.data_channels(),
        }
    }

    fn write_refusal(&self, answer: &mut Text) {
        let media = &self.offered.media;
        line!(answer, "m={} 0 {} {}", media.kind_text, media.proto, media.formats_text);
        line!(answer, "c=IN IP4 0.0.0.0");
        line!(answer, "a=mid:{}", self.offered.mid);
        line!(answer, "a=inactive");
    }

    fn write_media(&self, answer: &mut Text, section: &Section) {
        line!(answer, "a=rtcp:9 IN IP4 0.0.0.0");
        for (id, uri) in codecs::ext_lines(&section.exts) {
            line!(answer, "a=extmap:{id} {uri}");
        }
        answer.direction(Direction { send: section.send, recv: section.recv });
        line!(answer, "a=rtcp-mux");
        if self.offered.media.rtcp_rsize {
            line!(answer, "a=rtcp-rsize");
        }
        for agreed in &self.offered.agreed {
            self.write_format(answer, section.kind, agreed);
        }
        for rid in &section.rids {
            line!(answer, "a=rid:{rid} recv");
        }
        if !section.rids.is_empty() {
            let rids: Vec<&str> = section.rids.iter().map(crate::Short::as_str).collect();
            line!(answer, "a=simulcast:recv {}", rids.join(";"));
        }
        if let Some(track) = &section.sending {
            answer.sending(track);
        }
    }

    fn write_format(&self, answer: &mut Text, kind: Kind, Agreed { payload, format }: &Agreed<'_>) {
        let pt = payload.pt;
        let channels = if kind == Kind::Audio { "/2" } else { "" };
        line!(answer, "a=rtpmap:{pt} {}/{}{channels}", payload.codec.name(), payload.clock_rate);
        answer.feedback(pt, format.feedback);
        let fmtp = codecs::answer_fmtp(*payload, format, self.wish);
        if !fmtp.is_empty() {
            line!(answer, "a=fmtp:{pt} {fmtp}");
        }
        if let Some(rtx) = payload.rtx {
            line!(answer, "a=rtpmap:{rtx} rtx/{}", payload.clock_rate);
            line!(answer, "a=fmtp:{rtx} apt={pt}");
        }
    }
}

/// What the client asked for of the track that this section carries.
fn wish(media: &Media<'_>, wishes: &[(String, Wish)]) -> Option<Wish> {
    let (_, cid) = media.msid?;
    wishes.iter().find(|(name, _)| name == cid).map(|(_, wish)| *wish)
}

/// Layers in the order of their SIM group, then all else that was declared.
fn primaries_first(media: &Media<'_>) -> Vec<u32> {
    let rest = media.ssrcs.iter().filter(|s| !media.sim.contains(s));
    media.sim.iter().chain(rest).copied().collect()
}

pub(crate) fn renamed(ufrag: &str) -> String {
    let (head, tail) = ufrag.split_at(ufrag.len().saturating_sub(1));
    let last = tail.bytes().next().unwrap_or(b'a');
    format!("{head}{}", if last == b'z' { 'A' } else { char::from(b'a' + last % 25) })
}
