//! The other shards, as the thread of one sees them.
//!
//! Law: nothing here waits for another thread. Datagrams go by a ring for each pair, news by a bounded queue into each; what
//! finds no room is dropped and counted, and nothing depends on it for ever: addresses are told again while they are in use.
//! Only what is owed ([`Word::is_owed`]: reliable messages) is kept, in order and within bounds, until there is room.

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use folkmoot_sfu::{Crossing, Word};

use crate::flag::Flag;
use crate::handover::{Handing, Taking};
use crate::tcp::Moved;

/// News that may wait for one thread,
const NEWS: usize = 4096;
/// and the bytes of their messages.
const NEWS_BYTES: usize = 16 << 20;
/// What is owed to one thread that has no room now: as much as may wait for one receiver,
const OWED_BYTES: usize = 64 << 20;
/// and as many small ones.
const OWED: usize = 1 << 16;
/// How soon it is tried again.
pub(crate) const RETRY: Duration = Duration::from_millis(2);
/// Taken of each neighbour before timers and the flush have their turn again.
const TURN: usize = 512;

/// What goes by the rings, with its bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parcel {
    Datagram(Handed),
    /// A packet for the mirror of a track.
    Packet(Crossing),
}

/// A datagram that came to another's socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handed {
    pub(crate) source: SocketAddr,
    /// Which address of ours it came to.
    pub(crate) local: Option<IpAddr>,
    pub(crate) arrived: Instant,
}

/// What one shard's thread says to another.
pub(crate) enum News {
    Word(Word),
    /// A TCP connection whose first check is for the other.
    Link(Box<Moved>),
}

impl News {
    fn bytes(&self) -> usize {
        if let Self::Word(word) = self { word.bytes() } else { 0 }
    }
}

/// Where a thread hears from: by whom, and what.
pub(crate) struct Inbox {
    news: Receiver<(u8, News)>,
    bytes: Arc<AtomicUsize>,
}

impl Inbox {
    fn take(&self) -> Option<(u8, News)> {
        let (from, news) = self.news.try_recv().ok()?;
        self.bytes.fetch_sub(news.bytes(), Ordering::Relaxed);
        Some((from, news))
    }
}

/// The way to one thread's inbox.
#[derive(Clone)]
pub(crate) struct Door {
    news: SyncSender<(u8, News)>,
    bytes: Arc<AtomicUsize>,
    pub(crate) wake: Arc<Flag>,
}

impl Door {
    /// Whether there was room.
    fn put(&self, from: u8, news: News) -> bool {
        let length = news.bytes();
        let fits = length == 0 || self.bytes.load(Ordering::Relaxed) + length <= NEWS_BYTES;
        self.bytes.fetch_add(length, Ordering::Relaxed); // before it can be taken
        let told = fits && self.news.try_send((from, news)).is_ok();
        if !told {
            self.bytes.fetch_sub(length, Ordering::Relaxed);
        }
        self.wake.raise();
        told
    }
}

/// An inbox and the way to it.
pub(crate) fn inbox(wake: Arc<Flag>) -> (Door, Inbox) {
    let (news, taken) = sync_channel(NEWS);
    let bytes = Arc::new(AtomicUsize::new(0));
    (Door { news, bytes: bytes.clone(), wake }, Inbox { news: taken, bytes })
}

/// One neighbour more, or a new one in the place of one that is no more.
pub(crate) struct Meeting {
    pub(crate) shard: u8,
    pub(crate) door: Door,
    pub(crate) handing: Handing<Parcel>,
    pub(crate) taking: Taking<Parcel>,
}

/// A neighbour that is known.
struct Other {
    there: Meeting,
    /// What had no room, oldest first.
    owed: VecDeque<Word>,
    bytes: usize,
    /// What it has handed over by the last [`Neighbours::look`].
    waiting: usize,
}

impl Other {
    /// Tells it now, or later what is owed and what comes behind that; `false`: never.
    fn tell(&mut self, own: u8, news: News) -> bool {
        match news {
            News::Word(word) if word.is_owed() => self.owe(own, word),
            news => self.there.door.put(own, news),
        }
    }

    fn owe(&mut self, own: u8, word: Word) -> bool {
        if self.owed.is_empty() && self.there.door.put(own, News::Word(word.clone())) {
            return true;
        }
        let fits = self.owed.len() < OWED && self.bytes + word.bytes() <= OWED_BYTES;
        if fits {
            self.bytes += word.bytes();
            self.owed.push_back(word);
        }
        fits
    }

    fn pay(&mut self, own: u8) {
        while let Some(word) = self.owed.front()
            && self.there.door.put(own, News::Word(word.clone()))
        {
            self.bytes -= word.bytes();
            self.owed.pop_front();
        }
    }
}

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NeighbourStats {
    /// Datagrams of another shard that came here, and were handed to it.
    pub handed: u64,
    /// Datagrams, packets and news that another had no room for.
    pub dropped: u64,
}

/// See the module.
pub(crate) struct Neighbours {
    own: u8,
    inbox: Inbox,
    others: Vec<Other>,
    handed: u64,
    unsaid: u64,
}

impl Neighbours {
    pub(crate) fn new(own: u8, inbox: Inbox) -> Self {
        Self { own, inbox, others: Vec::new(), handed: 0, unsaid: 0 }
    }

    pub(crate) fn meet(&mut self, other: Meeting) {
        self.others.retain(|known| known.there.shard != other.shard);
        self.others.push(Other { there: other, owed: VecDeque::new(), bytes: 0, waiting: 0 });
    }

    /// `false`: there is no such shard.
    pub(crate) fn hand(&mut self, shard: u8, datagram: Handed, bytes: &[u8]) -> bool {
        let Some(other) = self.other(shard) else { return false };
        other.there.handing.put(Parcel::Datagram(datagram), bytes);
        self.handed += 1;
        true
    }

    /// A packet of a track of ours, to a mirror of it.
    pub(crate) fn send(&mut self, shard: u8, packet: Crossing, bytes: &[u8]) {
        if let Some(other) = self.other(shard) {
            other.there.handing.put(Parcel::Packet(packet), bytes);
        }
    }

    /// Wakes whom something was handed to.
    pub(crate) fn announce(&mut self) {
        self.others.iter_mut().for_each(|other| other.there.handing.announce());
    }

    pub(crate) fn say(&mut self, shard: u8, news: News) {
        let own = self.own;
        let told = self.other(shard).is_none_or(|other| other.tell(own, news));
        self.unsaid += u64::from(!told);
    }

    pub(crate) fn say_to_all(&mut self, word: &Word) {
        let told = self.others.iter_mut().map(|other| other.tell(self.own, News::Word(word.clone())));
        self.unsaid += told.filter(|told| !told).count() as u64;
    }

    /// Says what is owed, where there is room by now.
    pub(crate) fn pay(&mut self) {
        self.others.iter_mut().for_each(|other| other.pay(self.own));
    }

    /// Whether something still is.
    pub(crate) fn owes(&self) -> bool {
        self.others.iter().any(|other| !other.owed.is_empty())
    }

    /// The next news.
    pub(crate) fn hear(&self) -> Option<(u8, News)> {
        self.inbox.take()
    }

    /// What was handed over by now is what [`Neighbours::take`] takes: orders that were given before it came can be carried
    /// out in between.
    pub(crate) fn look(&mut self) {
        self.others.iter_mut().for_each(|other| other.waiting = other.there.taking.waiting());
    }

    /// Takes what was handed over by the last look, up to a bound; `true` when more of it waits. What comes behind the look
    /// raises the flag.
    pub(crate) fn take(&mut self, mut each: impl FnMut(Parcel, &mut [u8])) -> bool {
        let mut more = false;
        for other in &mut self.others {
            let waiting = std::mem::take(&mut other.waiting);
            for _ in 0..waiting.min(TURN) {
                let Some((parcel, bytes)) = other.there.taking.take() else { break };
                each(parcel, bytes);
            }
            more |= waiting > TURN;
        }
        more
    }

    pub(crate) fn stats(&self) -> NeighbourStats {
        let dropped: u64 = self.others.iter().map(|other| other.there.handing.dropped()).sum();
        NeighbourStats { handed: self.handed, dropped: dropped + self.unsaid }
    }

    fn other(&mut self, shard: u8) -> Option<&mut Other> {
        self.others.iter_mut().find(|other| other.there.shard == shard)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use folkmoot_sfu::Destinations;

    use super::*;
    use crate::handover::ring;

    /// Two that know each other.
    fn two() -> [Neighbours; 2] {
        let wakes = [(); 2].map(|()| Arc::new(Flag::new().expect("a flag")));
        let [(to_first, first), (to_second, second)] = wakes.clone().map(inbox);
        let [(give, take), (give_back, take_back)] = [ring(wakes[1].clone()), ring(wakes[0].clone())];
        let mut both = [Neighbours::new(0, first), Neighbours::new(1, second)];
        both[0].meet(Meeting { shard: 1, door: to_second, handing: give, taking: take_back });
        both[1].meet(Meeting { shard: 0, door: to_first, handing: give_back, taking: take });
        both
    }

    fn message(n: u32, length: usize, reliable: bool) -> News {
        let mut bytes = vec![0; length];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        News::Word(Word::Message { room: 1, to: Destinations::All, reliable, bytes: Bytes::from(bytes) })
    }

    /// The numbers of the messages that have come.
    fn heard(there: &Neighbours) -> Vec<u32> {
        let number = |news| match news {
            News::Word(Word::Message { bytes, .. }) => bytes.first_chunk().map(|n| u32::from_be_bytes(*n)),
            _ => None,
        };
        std::iter::from_fn(|| there.hear()).filter_map(|(_, news)| number(news)).collect()
    }

    #[test]
    fn reliable_words_that_find_no_room_are_said_later_and_in_order() {
        let [mut here, there] = two();
        let many = 3 * NEWS as u32;
        (0..many).for_each(|n| here.say(1, message(n, 100, true)));
        assert_eq!(here.stats().dropped, 0);
        let mut all = Vec::new();
        while here.owes() {
            all.extend(heard(&there));
            here.pay();
            here.say(1, message(many, 100, false)); // finds room, or doesn't; nobody waits for it
        }
        all.extend(heard(&there));
        all.retain(|n| *n < many);
        assert_eq!(all, (0..many).collect::<Vec<_>>());
    }

    #[test]
    fn what_comes_behind_the_look_is_left_for_the_next() {
        let [mut here, mut there] = two();
        let localhost = SocketAddr::from(([127, 0, 0, 1], 9));
        let datagram = Handed { source: localhost, local: None, arrived: Instant::now() };
        let taken = |there: &mut Neighbours| {
            let mut all = Vec::new();
            let more = there.take(|_, bytes| all.push(bytes.to_vec()));
            (all, more)
        };
        assert!(here.hand(1, datagram, b"a"));
        there.look();
        assert!(here.hand(1, datagram, b"b"));
        assert_eq!(taken(&mut there), (vec![b"a".to_vec()], false));
        assert_eq!(taken(&mut there), (vec![], false), "and nothing is taken twice for one look");
        there.look();
        assert_eq!(taken(&mut there), (vec![b"b".to_vec()], false));
        (0..=TURN).for_each(|_| assert!(here.hand(1, datagram, b"c")));
        there.look();
        let (all, more) = taken(&mut there);
        assert_eq!((all.len(), more), (TURN, true), "others have their turn");
        there.look();
        assert_eq!(taken(&mut there), (vec![b"c".to_vec()], false));
    }

    #[test]
    fn what_nobody_counts_on_is_dropped_and_counted() {
        let [mut here, there] = two();
        (0..NEWS as u32 + 5).for_each(|n| here.say(1, message(n, 4, false)));
        assert_eq!((here.stats().dropped, here.owes(), heard(&there).len()), (5, false, NEWS));
    }

    #[test]
    fn large_words_are_bounded_by_their_bytes_in_the_queue_and_before_it() {
        let [mut here, there] = two();
        let length = 1 << 20;
        let all = (NEWS_BYTES + OWED_BYTES) as u32 / length as u32;
        (0..all + 3).for_each(|n| here.say(1, message(n, length, true)));
        assert_eq!(here.stats().dropped, 3);
        let mut came = heard(&there).len();
        assert_eq!(came, NEWS_BYTES / length);
        while here.owes() {
            here.pay();
            came += heard(&there).len();
        }
        assert_eq!(came, all as usize);
    }

    #[test]
    fn what_was_owed_to_a_shard_that_is_no_more_is_not_said_to_the_next() {
        let [mut here, _gone] = two();
        (0..2 * NEWS as u32).for_each(|n| here.say(1, message(n, 4, true)));
        let wake = Arc::new(Flag::new().expect("a flag"));
        let (door, inbox) = inbox(wake.clone());
        let [(handing, _), (_, taking)] = [ring(wake.clone()), ring(wake)];
        here.meet(Meeting { shard: 1, door, handing, taking });
        assert!(!here.owes());
        assert!(heard(&Neighbours::new(1, inbox)).is_empty());
    }
}
