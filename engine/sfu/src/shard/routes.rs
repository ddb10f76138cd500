//! Which datagrams are another shard's, and telling the others which are ours.
//!
//! One port serves all shards, and the kernel doesn't know rooms: a datagram comes to whichever it likes. A check says in its
//! first word whose it is; everything else is known by the address that it comes from, which the shard that authenticated it
//! has told the others.
//!
//! Law: an address that was heard of within [`CLAIM`] is not another shard's because that says so, just as within a shard
//! no connection takes another's. What was handed over once is not handed on.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use folkmoot_peer::Path;

use super::Shard;
use super::control::CLAIM;
use crate::command::Word;

/// How often the others are told again of an address that is in use. Clients check theirs about as often.
const AGAIN: Duration = Duration::from_secs(2);
/// An address of which nothing was said for so long is nobody's: its shard may have had no time to say so.
const FORGOTTEN: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug)]
struct Route {
    shard: u8,
    heard: Instant,
}

/// The addresses of other shards' clients.
#[derive(Clone, Debug, Default)]
pub struct Routes(HashMap<SocketAddr, Route>);

impl Routes {
    /// News of another shard.
    pub fn handle_word(&mut self, now: Instant, from: u8, word: &Word) {
        match *word {
            Word::Claimed(source) => self.note(now, source, from),
            Word::Released(source) if self.shard_of(&source) == Some(from) => {
                self.0.remove(&source);
            }
            Word::Anew => self.0.retain(|_, route| route.shard != from),
            _ => {}
        }
    }

    /// Forgets those of which nothing was said for long.
    pub fn prune(&mut self, now: Instant) {
        self.0.retain(|_, route| now.saturating_duration_since(route.heard) < FORGOTTEN);
    }

    fn shard_of(&self, source: &SocketAddr) -> Option<u8> {
        self.0.get(source).map(|route| route.shard)
    }

    fn forget(&mut self, source: &SocketAddr) {
        self.0.remove(source);
    }

    fn is_live(&self, now: Instant, source: &SocketAddr) -> bool {
        self.0.get(source).is_some_and(|route| now.saturating_duration_since(route.heard) < CLAIM)
    }

    fn note(&mut self, now: Instant, source: SocketAddr, shard: u8) {
        if self.shard_of(&source).is_none_or(|known| known == shard) || !self.is_live(now, &source) {
            self.0.insert(source, Route { shard, heard: now });
        }
    }
}

impl Shard {
    /// The shard of what came from `source` and is nobody's here.
    pub(super) fn elsewhere(&self, source: Path, ufrag: Option<&str>) -> Option<u8> {
        let named = ufrag.and_then(shard_of);
        let shard = named.or_else(|| self.routes.shard_of(&source.addr()).filter(|_| !source.is_tcp()));
        shard.filter(|shard| *shard != self.number && *shard < self.shards)
    }

    /// A datagram that came to another shard and is ours.
    pub fn handle_handed(&mut self, now: Instant, arrived: Instant, source: impl Into<Path>, datagram: &mut [u8]) {
        if self.handle_arrival(now, arrived, source, datagram).is_some() {
            self.stats.unknown_source += 1;
        }
    }

    /// The next news for another shard, or for all others.
    pub fn poll_word(&mut self) -> Option<(Option<u8>, Word)> {
        self.words.pop_front()
    }

    /// News of another shard.
    pub fn handle_word(&mut self, now: Instant, from: u8, word: &Word) {
        if let Word::Claimed(source) = *word {
            self.give_up(now, source);
        }
        self.routes.handle_word(now, from, word);
        self.contained("news of another shard", |shard| shard.heed(now, word));
    }

    fn heed(&mut self, now: Instant, word: &Word) {
        match word {
            Word::Keyframe { track, layer, awaited } => {
                self.take_mirrors_request(now, *track, usize::from(*layer), *awaited);
            }
            Word::Report { track, layer, at, ntp, rtp } => {
                self.take_mirrored_report(*track, usize::from(*layer), *at, *ntp, *rtp);
            }
            Word::Shape { track, shape } => self.take_shape(now, *track, shape),
            Word::Spoke { track, at } => self.take_spoke(*track, *at),
            Word::Message { room, to, reliable, bytes } => {
                self.forward_message(*room, to.clone(), *reliable, bytes.clone());
                self.deliver_mail(now);
            }
            Word::Frame { to, packet } => self.hand_frame(now, *to, packet),
            Word::Claimed(_) | Word::Released(_) | Word::Anew => {}
        }
    }

    /// What the shard knew that was here before.
    pub fn know(&mut self, routes: Routes) {
        self.routes = routes;
    }

    /// Somebody is here who has heard nothing yet.
    pub fn tell_again(&mut self) {
        self.words.extend(self.told.keys().map(|source| (None, Word::Claimed(*source))));
    }

    /// Another shard's client is where one of ours was long ago.
    fn give_up(&mut self, now: Instant, source: SocketAddr) {
        if let Some((path, _)) = self.told.get(&source)
            && let Some((at, heard)) = self.sources.get(path)
            && now.saturating_duration_since(*heard) >= CLAIM
        {
            self.forget_source(*at, *path);
        }
    }

    /// Another shard has heard of it of late.
    pub(super) fn is_taken_elsewhere(&self, now: Instant, path: Path) -> bool {
        !path.is_tcp() && self.routes.is_live(now, &path.addr())
    }

    /// The others have to know of an address of ours.
    pub(super) fn tell_claimed(&mut self, now: Instant, path: Path) {
        let told = self.told.get(&path.addr()).is_some_and(|(_, at)| now.saturating_duration_since(*at) < AGAIN);
        if self.shards > 1 && !path.is_tcp() && !told {
            self.routes.forget(&path.addr());
            self.told.insert(path.addr(), (path, now));
            self.words.push_back((None, Word::Claimed(path.addr())));
        }
    }

    pub(super) fn tell_released(&mut self, path: Path) {
        if self.told.get(&path.addr()).is_some_and(|(told, _)| *told == path) {
            self.told.remove(&path.addr());
            self.words.push_back((None, Word::Released(path.addr())));
        }
    }
}

/// The shard that a name of ours says it belongs to: its first eight bits, in base64.
pub fn shard_of(ufrag: &str) -> Option<u8> {
    let value = |letter: &u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let [first, second, ..] = ufrag.as_bytes() else { return None };
    Some(value(first)? << 2 | value(second)? >> 4)
}
