//! The client offers, we answer (Publisher, Single).
//!
//! A section we send on goes through `inactive` once before it carries another track: browsers tell their page of a new
//! track only when a section begins to receive, not when its `a=msid` changes.
//!
//! A track goes out only where its codec is agreed on. One whose codec is in none of the sections on which the client
//! receives its kind is given up: waiting for another section it would ask the client for more of them for ever.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::codecs::{self, Agreed};
use crate::offered::{bundled, is_usable, mids, refuse, transport};
use crate::parse::{Description, Direction, Media, MediaKind};
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
        self.receives(track.kind) && names(&self.codecs, track.codec)
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
        let offer = Description::parse(text)?;
        let mut next = self.clone(); // a refused offer changes nothing
        let (answer, session) = next.answer(local, &offer, wishes)?;
        *self = next;
        Ok((answer, Arc::new(session)))
    }

    fn answer(
        &mut self,
        local: &LocalDescription,
        offer: &Description<'_>,
        wishes: &[(String, Wish)],
    ) -> Result<(String, NegotiatedSession), SdpError> {
        if offer.sections.is_empty() {
            return Err(refuse("sdp.empty", "it has no section"));
        }
        if offer.sections.len() < self.slots.len() {
            return Err(refuse("sdp.sections_removed", "it has fewer sections than the one before"));
        }
        let mids = mids(offer)?;
        let bundled = bundled(offer, &mids);
        let transport = transport(offer, &bundled)?;
        self.take_ice(&transport.ice);
        self.slots.resize_with(offer.sections.len(), Slot::default);
        let mut agreed: Vec<Vec<Agreed<'_>>> = offer.sections.iter().map(codecs::agree).collect();
        for (n, (media, mid)) in offer.sections.iter().zip(&mids).enumerate() {
            let gone = self.slots[n].update(media, &agreed[n], mid);
            // A track whose section was taken away waits for another, before all others.
            if let Some(track) = gone {
                self.waiting.push_front(track);
            }
        }
        self.attach();
        for (n, media) in offer.sections.iter().enumerate() {
            let asked = wish(media, wishes).map(|w| w.codec);
            if let Some(codec) = self.slots[n].sending.as_ref().map(|t| t.codec).or(asked) {
                codecs::prefer(&mut agreed[n], codec);
            }
        }
        let accepted: Vec<bool> = offer
            .sections
            .iter()
            .enumerate()
            .map(|(n, media)| bundled[n] && is_usable(media, !agreed[n].is_empty()))
            .collect();

        self.version += 1;
        let group: Vec<&str> = mids.iter().zip(&accepted).filter(|(_, a)| **a).map(|(m, _)| m.as_str()).collect();
        let mut answer = Text::session(local, self.version, &group);
        let fingerprint = fingerprint(&local.fingerprint);
        let mut session = NegotiatedSession {
            local_ice: self.ice.clone(),
            remote_ice: transport.ice,
            remote_fingerprint: transport.fingerprint,
            sections: Vec::with_capacity(offer.sections.len()),
            sctp: None,
        };
        let mut first = true;
        for (n, media) in offer.sections.iter().enumerate() {
            let section = self.slots[n].section(media, &agreed[n], accepted[n], &mids[n]);
            if accepted[n] {
                let Media { kind_text, proto, .. } = media;
                match &section {
                    Some(_) => {
                        let mut list = String::new();
                        for pt in agreed[n].iter().flat_map(|a| [Some(a.payload.pt), a.payload.rtx]).flatten() {
                            let _ = write!(list, " {pt}"); // writing to a String does not fail
                        }
                        line!(answer, "m={kind_text} 9 {proto}{list}");
                    }
                    None => line!(answer, "m={kind_text} 9 {proto} webrtc-datachannel"),
                }
                answer.transport(local, &self.ice, "passive", &fingerprint, first);
                first = false;
                line!(answer, "a=mid:{}", mids[n]);
            } else {
                line!(answer, "m={} 0 {} {}", media.kind_text, media.proto, media.formats_text);
                line!(answer, "c=IN IP4 0.0.0.0");
                line!(answer, "a=mid:{}", mids[n]);
                line!(answer, "a=inactive");
            }
            match &section {
                Some(section) if accepted[n] => {
                    write_media(&mut answer, media, &agreed[n], section, wish(media, wishes));
                }
                None if accepted[n] => {
                    answer.data_channels();
                    session.sctp = Some(Sctp {
                        port: media.sctp_port.unwrap_or(5000),
                        // RFC 8841 §6.1: 64 kB when it is not said.
                        max_message_size: media.max_message_size.unwrap_or(65_536),
                    });
                }
                _ => {}
            }
            session.sections.extend(section);
        }
        for slot in &mut self.slots {
            slot.releasing = false;
        }
        Ok((answer.0, session))
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

fn names(codecs: &[Codec], codec: Codec) -> bool {
    codecs.iter().any(|c| c.same_name(codec))
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
        let gone = self.sending.take_if(|track| !client_receives || !names(&self.codecs, track.codec));
        // Where the client receives still, it has to see the section inactive before it sees another track on it.
        self.releasing |= gone.is_some() && client_receives;
        gone
    }

    /// `None` for what is not media.
    fn section(&self, media: &Media<'_>, agreed: &[Agreed<'_>], accepted: bool, mid: &Mid) -> Option<Section> {
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
            nack: false,
            twcc: false,
            sending: None,
        };
        if !accepted {
            return Some(section);
        }
        let feedback = agreed.first().map(|a| a.format.feedback).unwrap_or_default();
        section.codecs = agreed.iter().map(|a| a.payload).collect();
        section.recv = media.direction.send;
        section.sending.clone_from(&self.sending);
        section.send = section.sending.is_some();
        section.nack = feedback.nack;
        section.twcc = feedback.twcc && section.exts.twcc.is_some();
        if section.recv {
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

fn write_media(answer: &mut Text, media: &Media<'_>, agreed: &[Agreed<'_>], section: &Section, wish: Option<Wish>) {
    line!(answer, "a=rtcp:9 IN IP4 0.0.0.0");
    for (id, uri) in codecs::ext_lines(&section.exts) {
        line!(answer, "a=extmap:{id} {uri}");
    }
    answer.direction(Direction { send: section.send, recv: section.recv });
    line!(answer, "a=rtcp-mux");
    if media.rtcp_rsize {
        line!(answer, "a=rtcp-rsize");
    }
    for Agreed { payload, format } in agreed {
        let pt = payload.pt;
        let channels = if section.kind == Kind::Audio { "/2" } else { "" };
        line!(answer, "a=rtpmap:{pt} {}/{}{channels}", payload.codec.name(), payload.clock_rate);
        answer.feedback(pt, format.feedback);
        let fmtp = codecs::answer_fmtp(*payload, format, wish);
        if !fmtp.is_empty() {
            line!(answer, "a=fmtp:{pt} {fmtp}");
        }
        if let Some(rtx) = payload.rtx {
            line!(answer, "a=rtpmap:{rtx} rtx/{}", payload.clock_rate);
            line!(answer, "a=fmtp:{rtx} apt={pt}");
        }
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
