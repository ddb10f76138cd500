//! Connections and what they negotiate.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use folkmoot_sdp::{Kind, LocalDescription, NegotiatedSession, Negotiator, SdpError, Wish};
use folkmoot_sfu::Command;

use super::credentials::credentials;
use super::error::{Error, unknown};
use super::places::Weight;
use super::{Connection, Control, Handle, Role, Ssrcs};

/// What a client may send of its own addresses. We are ICE-lite and need none; more is no client of ours.
const CANDIDATES_MAX: u32 = 256;
/// No session description of a client is longer: 200 sections of about 2 kB.
const SDP_MAX: usize = 512 * 1024;

/// What an offer was answered with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The description to send back.
    pub sdp: String,
    /// Which of our tracks (by sid) goes out on which section.
    pub mid_to_track: Vec<(String, String)>,
    /// The sections on which the client sends to us.
    pub receiving: Vec<ReceivingSection>,
    /// Sids of our tracks that the client has no codec for: they don't go out until they are subscribed to anew.
    pub refused: Vec<String>,
    /// Sids of our tracks that go out in their backup codec, because the client lacks the first.
    pub in_backup: Vec<String>,
}

/// What an answer of the client came to: sids, as in [`Answer`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// As [`Answer::refused`].
    pub refused: Vec<String>,
    /// As [`Answer::in_backup`].
    pub in_backup: Vec<String>,
}

/// A section on which the client sends to us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceivingSection {
    /// Its name in the session.
    pub mid: String,
    /// `audio` or `video`.
    pub kind: &'static str,
    /// The client's own name of the track.
    pub track_id: String,
    /// Mime types as answered, the preferred first.
    pub codecs: Vec<String>,
    /// Simulcast layers, in the client's order.
    pub rids: Vec<String>,
}

/// Whether a connection has something to negotiate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Negotiation {
    /// An offer is due: ours for a subscriber, the client's for the others.
    pub needed: bool,
    /// Sections that a single connection's client must add first.
    pub missing_audio: u32,
    /// The same for video.
    pub missing_video: u32,
}

impl Control {
    /// A connection of a peer.
    pub fn open_connection(&mut self, peer: Handle, role: Role) -> Result<Handle, Error> {
        let owner = self.peers.get(&peer).ok_or_else(|| unknown("peer"))?;
        let candidates = if owner.by_tcp { self.host.by_tcp() } else { self.host.candidates.clone() };
        let shard = owner.shard;
        let slot = self.places[usize::from(shard)].slots.take();
        let slot = slot.ok_or_else(|| Error::new("engine.full", "There is no room for a connection."))?;
        let creds = credentials(shard, slot, 0, &mut self.random);
        let mut bytes = [0; 4];
        (self.random)(&mut bytes);
        let ssrcs = Ssrcs(u32::from_ne_bytes(bytes));
        let local = LocalDescription { ice: creds.clone(), fingerprint: self.host.fingerprint, candidates };
        let connection = self.handle();
        let negotiator = Negotiator::new(role, local);
        self.order(shard, Command::OpenConnection { peer, conn: connection, role, local: creds });
        self.weigh(shard, Weight::Connection, true);
        self.connections.insert(
            connection,
            Connection {
                peer,
                shard,
                role,
                slot,
                negotiator,
                session: None,
                tracks: BTreeSet::new(),
                subscriptions: BTreeMap::new(),
                candidates: 0,
                restarts: 0,
                ssrcs,
            },
        );
        self.peers.get_mut(&peer).expect("checked above").connections.insert(connection);
        Ok(connection)
    }

    /// Ends a connection, its tracks and its subscriptions.
    pub fn close_connection(&mut self, connection: Handle) -> Result<(), Error> {
        let Some(entry) = self.connections.get(&connection) else { return Ok(()) };
        for track in entry.tracks.clone() {
            self.unpublish(track)?;
        }
        for subscription in self.connections[&connection].subscriptions.clone().into_values() {
            self.unsubscribe(subscription)?;
        }
        if let Some(entry) = self.connections.remove(&connection) {
            self.places[usize::from(entry.shard)].slots.give_back(entry.slot);
            self.weigh(entry.shard, Weight::Connection, false);
            if let Some(peer) = self.peers.get_mut(&entry.peer) {
                peer.connections.remove(&connection);
            }
            self.order(entry.shard, Command::CloseConnection { conn: connection });
        }
        Ok(())
    }

    /// The client offers. `preferred`: its name of a track → the mime type it asked for, with `;stereo=1` where it wants two
    /// channels.
    pub fn accept_offer(
        &mut self,
        connection: Handle,
        sdp: &str,
        preferred: &HashMap<String, String>,
    ) -> Result<Answer, Error> {
        let entry = self.connections.get_mut(&connection).ok_or_else(|| unknown("connection"))?;
        if entry.role == Role::Subscriber {
            return Err(Error::new("engine.wrong_role", "On this connection the offers are ours."));
        }
        check_size(sdp)?;
        let wishes: Vec<(String, Wish)> =
            preferred.iter().filter_map(|(cid, mime)| Some((cid.clone(), Wish::from_mime(mime)?))).collect();
        let (sdp, session) = entry.negotiator.accept_offer(sdp, &wishes).map_err(|e| bad_sdp(&e))?;
        entry.session = Some(session.clone());
        let refused = entry.negotiator.take_given_up();
        let in_backup = in_backup(&session);
        let answer =
            Answer { sdp, mid_to_track: mid_to_track(&session), receiving: receiving(&session), refused, in_backup };
        let shard = entry.shard;
        self.order(shard, Command::Session { conn: connection, session });
        Ok(answer)
    }

    /// Our offer on a subscriber's connection.
    pub fn create_offer(&mut self, connection: Handle) -> Result<String, Error> {
        Ok(self.subscriber(connection)?.negotiator.create_offer())
    }

    /// Our next offer restarts ICE: the client has another network. One that is out is void.
    pub fn restart_ice(&mut self, connection: Handle) -> Result<(), Error> {
        self.subscriber(connection)?;
        let entry = self.connections.get_mut(&connection).expect("just found");
        entry.restarts = entry.restarts.wrapping_add(1);
        let creds = credentials(entry.shard, entry.slot, entry.restarts, &mut self.random);
        entry.negotiator.set_spare_ice(creds);
        entry.negotiator.restart_ice();
        Ok(())
    }

    /// The client's answer to our offer.
    pub fn accept_answer(&mut self, connection: Handle, sdp: &str) -> Result<Accepted, Error> {
        let entry = self.subscriber(connection)?;
        check_size(sdp)?;
        let session = entry.negotiator.accept_answer(sdp).map_err(|e| bad_sdp(&e))?;
        let refused = entry.negotiator.take_given_up();
        entry.session = Some(session.clone());
        let in_backup = in_backup(&session);
        let shard = entry.shard;
        self.order(shard, Command::Session { conn: connection, session });
        Ok(Accepted { refused, in_backup })
    }

    /// An address of the client. We learn it from its packets, so this only sets a bound to them.
    pub fn add_candidate(&mut self, connection: Handle, candidate: &str) -> Result<(), Error> {
        let entry = self.connections.get_mut(&connection).ok_or_else(|| unknown("connection"))?;
        if candidate.len() > 4096 {
            return Err(Error::new("engine.bad_candidate", "The candidate is too long."));
        }
        entry.candidates += 1;
        if entry.candidates > CANDIDATES_MAX {
            entry.candidates = CANDIDATES_MAX;
            return Err(Error::new("engine.too_many_candidates", "This connection has had enough candidates."));
        }
        Ok(())
    }

    /// Whether a connection has something to negotiate.
    pub fn negotiation(&mut self, connection: Handle) -> Result<Negotiation, Error> {
        let entry = self.connections.get(&connection).ok_or_else(|| unknown("connection"))?;
        let (missing_audio, missing_video) =
            if entry.role == Role::Single { entry.negotiator.missing() } else { (0, 0) };
        Ok(Negotiation { needed: entry.negotiator.needs_negotiation(), missing_audio, missing_video })
    }

    fn subscriber(&mut self, connection: Handle) -> Result<&mut Connection, Error> {
        let entry = self.connections.get_mut(&connection).ok_or_else(|| unknown("connection"))?;
        if entry.role == Role::Subscriber {
            Ok(entry)
        } else {
            Err(Error::new("engine.wrong_role", "On this connection the offers are the client's."))
        }
    }
}

fn check_size(sdp: &str) -> Result<(), Error> {
    if sdp.len() > SDP_MAX {
        return Err(Error::new("engine.bad_sdp", "The session description is too long."));
    }
    Ok(())
}

fn bad_sdp(error: &SdpError) -> Error {
    Error::new("engine.bad_sdp", format!("The session description cannot be used: {error}."))
}

fn in_backup(session: &NegotiatedSession) -> Vec<String> {
    session.in_backup().map(ToOwned::to_owned).collect()
}

fn mid_to_track(session: &Arc<NegotiatedSession>) -> Vec<(String, String)> {
    let sending = session.sections.iter().filter(|s| s.send);
    sending.filter_map(|s| Some((s.mid.to_string(), s.sending.as_ref()?.track_sid.clone()))).collect()
}

fn receiving(session: &Arc<NegotiatedSession>) -> Vec<ReceivingSection> {
    let sections = session.sections.iter().filter(|s| s.recv);
    sections
        .map(|s| ReceivingSection {
            mid: s.mid.to_string(),
            kind: if s.kind == Kind::Audio { "audio" } else { "video" },
            track_id: s.msid_track.clone().unwrap_or_default(),
            codecs: s.forwarded().map(|codec| codec.mime().to_owned()).collect(),
            rids: s.rids.iter().map(ToString::to_string).collect(),
        })
        .collect()
}
