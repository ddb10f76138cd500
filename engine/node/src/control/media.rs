//! Tracks and who gets them.

use std::collections::{BTreeMap, BTreeSet};

use folkmoot_sdp::{Codec, Kind, Section, SendTrack};
use folkmoot_sfu::{Command, FirstNumbers, Mirrored, Source, Wish};

use super::error::{Error, unknown};
use super::places::Weight;
use super::{Control, Handle, Subscription, Track};

impl Control {
    /// What comes in on this section is a track from now on. Until then its packets are dropped. `backup`: the mime type that
    /// it can be had in besides, for those who lack its codec.
    pub fn publish(
        &mut self,
        connection: Handle,
        mid: &str,
        track_sid: &str,
        source: &str,
        backup: Option<&str>,
    ) -> Result<Handle, Error> {
        let section = self.receiving_section(connection, mid)?;
        let codec = section
            .forwarded()
            .next()
            .ok_or_else(|| Error::new("engine.no_codec", format!("Section “{mid}” has no codec we forward.")))?;
        let (mid, kind, stereo, source) = (section.mid, section.kind, section.stereo, read_source(source));
        self.last += 1;
        let track = self.last;
        let entry = self.connections.get_mut(&connection).expect("it has sections");
        entry.tracks.insert(track);
        let stream_id = self.peers.get(&entry.peer).map(|p| p.sid.clone()).unwrap_or_default();
        let shard = entry.shard;
        let backup = backup.and_then(Codec::from_mime).filter(|b| b.kind() == kind && !b.same_name(codec));
        let send = SendTrack {
            track_sid: track_sid.to_owned(),
            stream_id,
            kind,
            ssrc: 0,
            rtx_ssrc: None,
            codec,
            backup,
            stereo,
        };
        self.tracks.insert(
            track,
            Track {
                connection,
                shard,
                mid,
                backup: None,
                send,
                source,
                muted: false,
                replays: true,
                subscriptions: BTreeSet::new(),
                mirrors: BTreeMap::new(),
            },
        );
        self.order(shard, Command::Publish { conn: connection, mid, track, kind, source });
        Ok(track)
    }

    /// What comes in on this section, of the same connection, is the track in its backup codec. `regresses`: all receivers are
    /// sent that one while it comes.
    pub fn publish_backup(&mut self, track: Handle, mid: &str, regresses: bool) -> Result<(), Error> {
        let entry = self.tracks.get(&track).ok_or_else(|| unknown("track"))?;
        let kind = entry.send.kind;
        let section = self.receiving_section(entry.connection, mid)?;
        if section.kind != kind {
            return Err(Error::new("engine.wrong_kind", format!("Section “{mid}” does not carry what the track is.")));
        }
        let mid = section.mid;
        let entry = self.tracks.get_mut(&track).expect("just found");
        entry.backup = Some(mid);
        let shard = entry.shard;
        self.order(shard, Command::PublishBackup { track, mid, regresses });
        Ok(())
    }

    /// It comes in its first codec alone.
    pub fn drop_backup(&mut self, track: Handle) -> Result<(), Error> {
        let entry = self.tracks.get_mut(&track).ok_or_else(|| unknown("track"))?;
        entry.backup = None;
        let shard = entry.shard;
        self.order(shard, Command::DropBackup { track });
        Ok(())
    }

    /// A section on which the client sends, and that carries no track yet.
    fn receiving_section(&self, connection: Handle, mid: &str) -> Result<&Section, Error> {
        let entry = self.connections.get(&connection).ok_or_else(|| unknown("connection"))?;
        let section = entry
            .session
            .as_ref()
            .and_then(|s| s.sections.iter().find(|s| s.recv && s.mid.as_str() == mid))
            .ok_or_else(|| Error::new("engine.no_section", format!("Nothing is received on section “{mid}”.")))?;
        let mut carried = entry.tracks.iter().filter_map(|t| self.tracks.get(t));
        if carried.any(|t| t.mid == section.mid || t.backup == Some(section.mid)) {
            return Err(Error::new("engine.in_use", format!("Section “{mid}” carries a track already.")));
        }
        Ok(section)
    }

    /// The track ends, and with it all subscriptions to it.
    pub fn unpublish(&mut self, track: Handle) -> Result<(), Error> {
        let Some(entry) = self.tracks.get(&track) else { return Ok(()) };
        for subscription in entry.subscriptions.clone() {
            self.unsubscribe(subscription)?;
        }
        if let Some(entry) = self.tracks.remove(&track) {
            if let Some(connection) = self.connections.get_mut(&entry.connection) {
                connection.tracks.remove(&track);
            }
            self.order(entry.shard, Command::Unpublish { track });
        }
        Ok(())
    }

    /// A muted track is not forwarded.
    pub fn set_muted(&mut self, track: Handle, muted: bool) -> Result<(), Error> {
        let entry = self.tracks.get_mut(&track).ok_or_else(|| unknown("track"))?;
        entry.muted = muted;
        self.commands.extend(entry.shards().map(|shard| (shard, Command::SetMuted { track, muted })));
        Ok(())
    }

    /// Who comes to a track begins with what comes then, whatever is remembered of it.
    pub fn never_replay(&mut self, track: Handle) -> Result<(), Error> {
        let entry = self.tracks.get_mut(&track).ok_or_else(|| unknown("track"))?;
        entry.replays = false;
        self.commands.extend(entry.shards().map(|shard| (shard, Command::NeverReplay { track })));
        Ok(())
    }

    /// A track shall go out on this connection; it does after the connection's next negotiation.
    pub fn subscribe(&mut self, connection: Handle, track: Handle) -> Result<Handle, Error> {
        let Some(entry) = self.connections.get_mut(&connection) else { return Err(unknown("connection")) };
        let Some(source) = self.tracks.get_mut(&track) else { return Err(unknown("track")) };
        if entry.role == super::Role::Publisher {
            return Err(Error::new("engine.wrong_role", "On a publisher's connection nothing is sent."));
        }
        if let Some(same) = entry.subscriptions.get(&track) {
            return Ok(*same);
        }
        self.last += 1;
        let subscription = self.last;
        let ssrc = entry.ssrcs.take();
        let mut bytes = [0; 8];
        (self.random)(&mut bytes);
        let first = FirstNumbers::from_bytes(bytes);
        let send =
            SendTrack { ssrc, rtx_ssrc: (source.send.kind == Kind::Video).then_some(ssrc | 1), ..source.send.clone() };
        entry.negotiator.add_send(send.clone());
        entry.subscriptions.insert(track, subscription);
        source.subscriptions.insert(subscription);
        let (shard, track_sid) = (entry.shard, source.send.track_sid.clone());
        self.subscriptions.insert(subscription, Subscription { connection, shard, track, track_sid });
        self.weigh(shard, Weight::Subscription, true);
        self.reach(track, shard);
        self.order(shard, Command::Subscribe { sub: subscription, conn: connection, track, ssrc, first });
        Ok(subscription)
    }

    /// A subscription more on that shard: the first of another than the track's makes a mirror there.
    fn reach(&mut self, track: Handle, shard: u8) {
        let Some(entry) = self.tracks.get_mut(&track).filter(|entry| entry.shard != shard) else { return };
        let there = entry.mirrors.entry(shard).or_default();
        *there += 1;
        if *there > 1 {
            return;
        }
        let mirrored = Mirrored {
            home: entry.shard,
            sid: entry.send.stream_id.clone(),
            kind: entry.send.kind,
            source: entry.source,
            muted: entry.muted,
            replays: entry.replays,
        };
        let home = entry.shard;
        self.order(shard, Command::Mirror { track, mirrored });
        self.order(home, Command::Send { track, shard });
    }

    /// A subscription less on that shard; the last takes the mirror with it.
    fn leave(&mut self, track: Handle, shard: u8) {
        let Some(entry) = self.tracks.get_mut(&track) else { return };
        let Some(there) = entry.mirrors.get_mut(&shard) else { return };
        *there -= 1;
        if *there == 0 {
            entry.mirrors.remove(&shard);
            let home = entry.shard;
            self.order(home, Command::EndSend { track, shard });
            self.order(shard, Command::EndMirror { track });
        }
    }

    /// The track shall go out no longer.
    pub fn unsubscribe(&mut self, subscription: Handle) -> Result<(), Error> {
        let Some(entry) = self.subscriptions.remove(&subscription) else { return Ok(()) };
        if let Some(track) = self.tracks.get_mut(&entry.track) {
            track.subscriptions.remove(&subscription);
        }
        if let Some(connection) = self.connections.get_mut(&entry.connection) {
            connection.subscriptions.remove(&entry.track);
            connection.negotiator.remove_send(&entry.track_sid);
        }
        self.weigh(entry.shard, Weight::Subscription, false);
        self.order(entry.shard, Command::Unsubscribe { sub: subscription });
        self.leave(entry.track, entry.shard);
        Ok(())
    }

    /// Whether it is sent now, up to which layer, and what comes first where not all fits.
    pub fn configure_subscription(&mut self, subscription: Handle, wish: Wish) -> Result<(), Error> {
        let shard = self.subscriptions.get(&subscription).ok_or_else(|| unknown("subscription"))?.shard;
        self.order(shard, Command::Configure { sub: subscription, wish });
        Ok(())
    }
}

fn read_source(name: &str) -> Source {
    match name.to_ascii_lowercase().as_str() {
        "camera" => Source::Camera,
        "microphone" => Source::Microphone,
        "screen_share" => Source::ScreenShare,
        "screen_share_audio" => Source::ScreenShareAudio,
        _ => Source::Unknown,
    }
}
