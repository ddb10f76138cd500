//! Commands: what there is, and who gets what.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

use folkmoot_bwe::Estimator;
use folkmoot_peer::{ChannelSpec, ControlConfig, ControlPeer};
use folkmoot_sdp::{Codec, ExtMap, IceCreds, Kind, Mid, NegotiatedSession, Role};

use super::Shard;
use super::connection::{Allocation, Conn};
use super::room::Peer;
use super::subscription::{Binding, Sub};
use super::table::At;
use super::track::{BACKUP, Encoding, FIRST, Track};
use crate::command::{Command, FirstNumbers, Handle, Source, Wish};
use crate::pacer::Pacer;
use crate::rate::RateMeter;
use crate::run::Run;
use crate::speakers::Loudness;
use crate::uplink::Uplink;

/// Names that one connection answers to: the current one and those before a restart.
const UFRAGS: usize = 4;

impl Shard {
    pub(super) fn obey(&mut self, now: Instant, command: Command) {
        match command {
            Command::OpenRoom { room } => {
                self.rooms.entry(room).or_default();
            }
            Command::CloseRoom { room } => self.close_room(room),
            Command::OpenPeer { room, peer, identity, sid, may_send_data, heard } => {
                self.open_peer(peer, Peer::new(room, identity, sid, may_send_data, heard));
            }
            Command::MovePeer { peer, room, sid } => self.move_peer(peer, room, sid),
            Command::ForwardPeer { peer, rooms } => {
                if let Some(peer) = self.peers.get_mut(&peer) {
                    peer.forwarded = rooms;
                }
            }
            Command::SetMayData { peer, may } => {
                if let Some(peer) = self.peers.get_mut(&peer) {
                    peer.may_send_data = may;
                }
            }
            Command::SetAway { peer, away } => {
                if let Some(peer) = self.peers.get_mut(&peer) {
                    peer.said.set_away(now, away);
                }
            }
            Command::AnnounceMuted { peer } => {
                if let Some(peer) = self.peers.get_mut(&peer) {
                    peer.announces_muted = true;
                }
            }
            Command::Limit { peer, bits } => {
                for at in self.peers.get(&peer).map(|p| &p.conns[..]).unwrap_or_default() {
                    self.conns[*at].bwe.set_limit(bits);
                    self.conns[*at].allocation.outdated = true;
                }
            }
            Command::ClosePeer { peer } => self.close_peer(peer),
            Command::OpenConnection { peer, conn, role, local } => self.open_connection(now, peer, conn, role, local),
            Command::CloseConnection { conn } => self.say_goodbye(now, conn),
            Command::Session { conn, session } => self.set_session(now, conn, &session),
            Command::Publish { conn, mid, track, kind, source } => self.publish(conn, mid, track, kind, source),
            Command::PublishBackup { track, mid, regresses } => self.publish_backup(track, mid, regresses),
            Command::DropBackup { track } => self.drop_backup(now, track),
            Command::Unpublish { track } | Command::EndMirror { track } => self.unpublish(track),
            Command::SetMuted { track, muted } => self.set_muted(now, track, muted),
            Command::NeverReplay { track } => {
                if let Some(track) = self.tracks.at(track) {
                    self.tracks[track].replays = false;
                }
            }
            Command::Spread { room, shards } => self.spread(room, shards),
            Command::Mirror { track, mirrored } => self.mirror(track, mirrored),
            Command::Send { track, shard } => self.send_to(now, track, shard),
            Command::EndSend { track, shard } => self.end_send(track, shard),
            Command::Subscribe { sub, conn, track, ssrc, first } => self.subscribe(sub, conn, track, ssrc, first),
            Command::Unsubscribe { sub } => self.unsubscribe(sub),
            Command::Configure { sub, wish } => self.configure(now, sub, wish),
            Command::CarryFrames { from, track, to, number } => self.carry_frames(from, track, to, number),
            Command::DropFrames { from, track, to } => self.drop_frames(from, track, to),
            Command::SendData { room, to, reliable, bytes } => self.post(room, to, reliable, bytes),
        }
    }

    fn close_room(&mut self, room: Handle) {
        let peers = self.rooms.get(&room).map(|r| r.peers.clone()).unwrap_or_default();
        for peer in peers {
            self.close_peer(peer);
        }
        self.rooms.remove(&room);
    }

    fn open_peer(&mut self, handle: Handle, peer: Peer) {
        let Some(place) = self.rooms.get_mut(&peer.room) else { return };
        place.peers.push(handle);
        self.peers.insert(handle, peer);
    }

    /// Its connections, its tracks and what waits for it go along; in the new room nobody has heard of it yet.
    fn move_peer(&mut self, handle: Handle, room: Handle, sid: String) {
        let Some(peer) = self.peers.get_mut(&handle).filter(|_| self.rooms.contains_key(&room)) else { return };
        let before = std::mem::replace(&mut peer.room, room);
        peer.sid = sid;
        peer.scored = false;
        peer.frames.clear();
        peer.forwarded.clear();
        if let Some(before) = self.rooms.get_mut(&before) {
            before.forget(handle);
        }
        self.rooms.entry(room).or_default().peers.push(handle);
    }

    fn close_peer(&mut self, peer: Handle) {
        self.end_gap(peer);
        let conns = self.peers.get(&peer).map(|p| p.conns.clone()).unwrap_or_default();
        for at in conns {
            self.close_connection(self.conns.handle(at));
        }
        if let Some(gone) = self.peers.remove(&peer)
            && let Some(room) = self.rooms.get_mut(&gone.room)
        {
            room.forget(peer);
        }
    }

    fn open_connection(&mut self, now: Instant, peer: Handle, conn: Handle, role: Role, local: IceCreds) {
        let Some(owner) = self.peers.get_mut(&peer) else { return };
        let ufrag = local.ufrag.clone();
        let open = if role == Role::Subscriber { ChannelSpec::livekit() } else { Vec::new() };
        let config = ControlConfig { local_ice: local, identity: self.identity.clone(), open };
        // Its voice and pictures come by the other one.
        let limit = if role == Role::Subscriber { self.uplink.of_reports() } else { self.uplink };
        let at = self.conns.insert(
            conn,
            Conn {
                peer,
                role,
                control: ControlPeer::new(config, now),
                ufrags: vec![ufrag.clone()],
                sources: VecDeque::new(),
                to: None,
                session: None,
                keys: None,
                uplink: Uplink::new(now, limit),
                streams: HashMap::new(),
                retired: VecDeque::new(),
                tracks: Vec::new(),
                subs: Vec::new(),
                sub_of_ssrc: HashMap::new(),
                resends: 0,
                run: Run::default(),
                dirty: false,
                twcc_ext: None,
                twcc: None,
                twcc_ssrc: 0,
                twcc_due: None,
                report_due: None,
                bwe: Estimator::default(),
                allocation: Allocation::default(),
                next_twcc: 0,
                probe: None,
                pacer: Pacer::default(),
                pace: RateMeter::default(),
                channels: HashMap::new(),
                reliable: None,
                lossy: None,
                frames: None,
            },
        );
        owner.conns.push(at);
        self.ufrags.insert(ufrag, at);
    }

    /// Closes a connection that has done nothing wrong.
    fn say_goodbye(&mut self, now: Instant, conn: Handle) {
        if let Some(at) = self.conns.at(conn) {
            self.conns[at].control.close(now);
            self.send_control(at);
        }
        self.close_connection(conn);
    }

    /// A connection is gone, with its tracks and subscriptions.
    pub(super) fn close_connection(&mut self, conn: Handle) {
        let Some(at) = self.conns.at(conn) else { return };
        for track in std::mem::take(&mut self.conns[at].tracks) {
            self.unpublish(self.tracks.handle(track));
        }
        for sub in std::mem::take(&mut self.conns[at].subs) {
            self.unsubscribe(self.subs.handle(sub));
        }
        self.timers.forget(conn);
        self.dirty.retain(|d| *d != at);
        // By its own lists, not by a look at everybody's: a big room closes one by one.
        for name in std::mem::take(&mut self.conns[at].ufrags) {
            self.ufrags.remove(&name);
        }
        for path in std::mem::take(&mut self.conns[at].sources) {
            self.forget_source(at, path);
        }
        if let Some(gone) = self.conns.remove(conn)
            && let Some(peer) = self.peers.get_mut(&gone.peer)
        {
            peer.conns.retain(|c| *c != at);
        }
    }

    fn set_session(&mut self, now: Instant, conn: Handle, session: &Arc<NegotiatedSession>) {
        let Some(at) = self.conns.at(conn) else { return };
        let entry = &mut self.conns[at];
        let ufrag = &session.local_ice.ufrag;
        if !entry.ufrags.contains(ufrag) {
            if entry.ufrags.len() == UFRAGS {
                let old = entry.ufrags.remove(1); // the first is also the one of all packets under way
                self.ufrags.remove(&old);
            }
            entry.ufrags.push(ufrag.clone());
            self.ufrags.insert(ufrag.clone(), at);
        }
        entry.control.set_remote(session);
        entry.twcc_ext = session.sections.iter().filter(|s| s.twcc).find_map(|s| s.exts.twcc);
        entry.session = Some(session.clone());
        for track in &entry.tracks {
            let track = &mut self.tracks[*track];
            for encoding in 0..track.encodings.len() {
                let mid = track.encodings[encoding].mid;
                if let Some(section) = session.sections.iter().find(|s| Some(s.mid) == mid) {
                    track.read_section(encoding, section);
                }
            }
        }
        for track in entry.tracks.clone() {
            self.tell_shape(track);
        }
        self.bind(now, at, session);
        self.drain_control(now, at);
        self.start_subs(now, at);
    }

    /// Subscriptions go out where the session says, and nowhere else.
    fn bind(&mut self, now: Instant, at: At, session: &NegotiatedSession) {
        let mut numbers = false;
        for sub in &self.conns[at].subs {
            let sub = &mut self.subs[*sub];
            let section = session
                .sections
                .iter()
                .find(|s| s.send && s.sending.as_ref().is_some_and(|sending| sending.ssrc == sub.ssrc));
            let mut codecs = section.map(|s| s.codecs.clone()).unwrap_or_default();
            codecs.sort_by_key(|c| c.codec == Codec::Red); // it only carries the other one
            let binding = section.map(|s| Binding {
                mid: s.mid,
                exts: ExtMap { twcc: s.exts.twcc.filter(|_| s.twcc), ..s.exts },
                codecs,
                rtx_ssrc: s.sending.as_ref().and_then(|sending| sending.rtx_ssrc),
            });
            numbers |= binding.as_ref().is_some_and(|b| b.exts.twcc.is_some() && b.rtx_ssrc.is_some());
            if sub.binding.is_none() {
                sub.begins = Some(now + self.tracks[sub.track].settling());
            }
            if sub.binding != binding {
                sub.bound_from = sub.down.next();
                sub.placed = false;
                sub.binding = binding;
            }
            if sub.binding.is_none() {
                sub.down.close();
            }
        }
        if numbers {
            self.conns[at].bwe.number_packets(now);
        }
    }

    fn start_subs(&mut self, now: Instant, at: At) {
        if self.conns.get(at).is_some() {
            self.allocate(now, at, true);
        }
    }

    fn publish(&mut self, conn: Handle, mid: Mid, track: Handle, kind: Kind, source: Source) {
        let Some(at) = self.conns.at(conn) else { return };
        let entry = &mut self.conns[at];
        let mut fresh = Track {
            conn: Some(at),
            mirror: None,
            mirrors: Vec::new(),
            timer: conn,
            peer: entry.peer,
            kind,
            source,
            muted: false,
            replays: true,
            layers: Vec::new(),
            encodings: vec![Encoding::of(mid)],
            regresses: false,
            subs: Vec::new(),
            loudness: Loudness::default(),
        };
        if let Some(section) = entry.section(mid) {
            fresh.read_section(FIRST, section);
        }
        let track = self.tracks.insert(track, fresh);
        entry.tracks.push(track);
    }

    /// The track comes in another codec besides.
    fn publish_backup(&mut self, track: Handle, mid: Mid, regresses: bool) {
        let Some(at) = self.tracks.at(track) else { return };
        let entry = &mut self.tracks[at];
        // One that came before leaves its layers to this one, so that nobody can fill the table by coming and going.
        match entry.encodings.get_mut(BACKUP) {
            Some(before) => before.mid = Some(mid),
            None => entry.encodings.push(Encoding::of(mid)),
        }
        entry.regresses = regresses;
        if let Some(section) = entry.conn.and_then(|conn| self.conns[conn].section(mid)) {
            entry.read_section(BACKUP, section);
        }
        self.tell_shape(at);
    }

    /// It comes in its first codec alone.
    fn drop_backup(&mut self, now: Instant, track: Handle) {
        let Some(at) = self.tracks.at(track) else { return };
        let entry = &mut self.tracks[at];
        if let Some(backup) = entry.encodings.get_mut(BACKUP) {
            backup.mid = None;
            if let Some(conn) = entry.conn {
                self.conns[conn].streams.retain(|_, stream| (stream.track, stream.encoding) != (at, BACKUP));
            }
            self.allocate_track(now, at);
            self.tell_shape(at);
        }
    }

    pub(super) fn unpublish(&mut self, track: Handle) {
        let Some(at) = self.tracks.at(track) else { return };
        // From the end, where a place is given up without another's being taken.
        for sub in self.tracks[at].subs.clone().into_iter().rev() {
            self.unsubscribe(self.subs.handle(sub));
        }
        let Some(gone) = self.tracks.remove(track) else { return };
        if gone.mirror.is_some() {
            self.timers.forget(track);
        }
        if let Some(conn) = gone.conn.and_then(|conn| self.conns.get_mut(conn)) {
            conn.tracks.retain(|t| *t != at);
            // Not so in SRTP: its count goes on when the stream does, and old packets stay old.
            conn.streams.retain(|_, stream| stream.track != at);
        }
    }

    fn set_muted(&mut self, now: Instant, track: Handle, muted: bool) {
        let Some(at) = self.tracks.at(track) else { return };
        let entry = &mut self.tracks[at];
        if entry.muted == muted {
            return;
        }
        entry.muted = muted;
        entry.loudness.silence();
        for sub in entry.subs.clone() {
            self.subs[sub].down.close();
            self.rechoose(now, sub);
        }
    }

    fn subscribe(&mut self, sub: Handle, conn: Handle, track: Handle, ssrc: u32, first: FirstNumbers) {
        let (Some(conn), Some(track)) = (self.conns.at(conn), self.tracks.at(track)) else { return };
        let kind = self.tracks[track].kind;
        let mut entry = Sub::new(conn, track, ssrc, first, kind);
        entry.in_track = self.tracks[track].subs.len();
        let at = self.subs.insert(sub, entry);
        self.tracks[track].subs.push(at);
        self.conns[conn].subs.push(at);
        self.conns[conn].sub_of_ssrc.insert(ssrc, at);
    }

    fn unsubscribe(&mut self, sub: Handle) {
        let Some(at) = self.subs.at(sub) else { return };
        let Some(gone) = self.subs.remove(sub) else { return };
        if let Some(track) = self.tracks.get_mut(gone.track) {
            track.remove_sub(gone.in_track, &mut self.subs);
        }
        if let Some(conn) = self.conns.get_mut(gone.conn) {
            conn.subs.retain(|s| *s != at);
            conn.sub_of_ssrc.remove(&gone.ssrc);
        }
    }

    fn configure(&mut self, now: Instant, sub: Handle, wish: Wish) {
        let Some(at) = self.subs.at(sub) else { return };
        let entry = &mut self.subs[at];
        entry.wish = wish;
        if !wish.enabled {
            entry.down.close();
        }
        self.rechoose(now, at);
    }
}
