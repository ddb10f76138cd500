//! The thread of one shard: waits for datagrams, commands and the shard's deadline; never spins, never blocks elsewhere.
//!
//! One wake-up is: a moment for what follows at the heels of what woke it, then commands and what other shards have for this
//! one, then datagrams and connections (all that wait, up to a bound), then timers, then one flush, then the news.
//! A panic that reaches this file costs the shard and all its connections, and nothing else: it is told as [`What::Died`], and
//! the same thread goes on with an empty shard on the same socket, for other shards' datagrams come by that, too.
//! Orders for a shard that was before are not carried out: they are about what is there no more.

use std::any::Any;
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use folkmoot_peer::Path;
use folkmoot_sfu::{Command, Egress, Routes, Shard, ShardConfig, ShardStats, Word};

use crate::delay::{Delays, Stopwatch};
use crate::events::{Life, Notice, Teller, What};
use crate::flag::Flag;
use crate::neighbours::{Door, Handed, Meeting, NeighbourStats, Neighbours, News, Parcel, RETRY, inbox};
use crate::net::{Net, NetStats};
use crate::probe::Probe;
use crate::sys;
use crate::tcp::{LinkStats, Links};
use crate::watch::{Pulse, TURN};

/// Batches taken from the socket before timers and the flush have their turn again.
const BATCHES: usize = 8;
/// A deadline that is always past must not become a busy loop.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);
/// Above so many datagrams out in [`BUSY_WINDOW`] the shard gathers what comes in for [`GATHER`] before it sends: the
/// packets of a picture arrive within that time, and leave as one run to each receiver, for about the price of one datagram.
/// Below, nobody waits.
const BUSY: u64 = 150;
const BUSY_WINDOW: Duration = Duration::from_millis(100);
const GATHER: Duration = Duration::from_millis(1);
/// How long an order waits for those behind it. One who joins is some hundred of them within milliseconds, and a shard that
/// sleeps between two costs its caller a system call and itself a wake-up for each.
const GATHER_ORDERS: Duration = Duration::from_micros(300);
/// Media comes every few milliseconds and is soon done: it need not wait until whoever else has the core has used up its turn.
const SLICE: Duration = Duration::from_micros(300);
/// How old the counters that a caller reads may be.
const STATS_EVERY: Duration = Duration::from_millis(200);
/// A shard that ends sooner after its start is not followed by the next at once.
const SHORT_LIFE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(20);

pub(crate) enum Order {
    /// For the shard that began then.
    Command((u32, u32), Command),
    /// Echo this datagram when it comes in (`None`: no more).
    Expect(Option<Probe>),
    Meet(Box<Meeting>),
    Stop,
    #[cfg(any(test, feature = "faults"))]
    Fail,
    #[cfg(any(test, feature = "faults"))]
    Hang(Duration),
}

/// Counters of a shard and its sockets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counters {
    /// The socket's.
    pub net: NetStats,
    /// The TCP connections'.
    pub links: LinkStats,
    /// Of what was other shards'.
    pub neighbours: NeighbourStats,
    /// How long media was here.
    pub delays: Delays,
    /// The shard's.
    pub shard: ShardStats,
}

impl Counters {
    /// By name.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let (net, links) = (self.net, self.links);
        [
            ("packets_in", net.packets_in + links.packets_in),
            ("packets_out", net.packets_out + links.packets_out),
            ("bytes_in", net.bytes_in + links.bytes_in),
            ("bytes_out", net.bytes_out + links.bytes_out),
            ("drops", net.drops + links.drops),
            ("tcp_connections", links.clients),
            ("tcp_strangers", links.strangers),
            ("tcp_accepted", links.accepted),
            ("tcp_refused", links.refused),
            ("tcp_shown_out", links.evicted),
            ("tcp_stalled", links.stalled),
            ("tcp_handed_over", links.handed),
            ("tcp_packets_in", links.packets_in),
            ("tcp_packets_out", links.packets_out),
            ("tcp_drops", links.drops),
            ("handed_over", self.neighbours.handed),
            ("handover_drops", self.neighbours.dropped),
        ]
        .into_iter()
        .chain(self.shard.named())
        .chain(self.delays.named())
    }
}

/// What a shard hears by.
#[derive(Debug)]
pub struct Sockets {
    /// For all datagrams.
    pub udp: UdpSocket,
    /// For those whom none reaches, if they shall be served.
    pub tcp: Option<TcpListener>,
    /// Among how many shards the connections by TCP are divided.
    pub shared_by: u8,
}

impl Sockets {
    /// The same once more.
    pub fn try_clone(&self) -> io::Result<Self> {
        let tcp = self.tcp.as_ref().map(TcpListener::try_clone).transpose()?;
        Ok(Self { udp: self.udp.try_clone()?, tcp, shared_by: self.shared_by })
    }
}

/// The caller's end of a shard's thread. Dropping it ends the thread.
pub(crate) struct ShardThread {
    orders: Sender<Order>,
    pub(crate) door: Door,
    pub(crate) pulse: Arc<Pulse>,
    counters: Arc<Mutex<Counters>>,
    thread: Option<JoinHandle<()>>,
}

impl ShardThread {
    /// Starts a thread that owns `sockets` and tells its news by `teller`.
    pub(crate) fn start(sockets: Sockets, config: ShardConfig, began: u32, teller: Teller) -> io::Result<Self> {
        let (orders, given) = channel();
        let wake = Arc::new(Flag::new()?);
        let (door, inbox) = inbox(wake.clone());
        let counters = Arc::new(Mutex::new(Counters::default()));
        let pulse = Arc::new(Pulse::default());
        let post = Post {
            life: Life { shard: config.number, began: (began, 0) },
            orders: given,
            wake,
            neighbours: Neighbours::new(config.number, inbox),
            pulse: pulse.clone(),
            teller,
            counters: counters.clone(),
            expected: None,
            routes: Routes::default(),
            stopwatch: Stopwatch::new(),
            ended: false,
        };
        let thread = std::thread::Builder::new().name("folkmoot-shard".into());
        let thread = thread.spawn(move || post.work(&sockets, &config))?;
        Ok(Self { orders, door, pulse, counters, thread: Some(thread) })
    }

    pub(crate) fn send(&self, order: Order) {
        if self.orders.send(order).is_ok() {
            self.door.wake.raise();
        }
    }

    /// The counters, at most a fraction of a second old.
    pub(crate) fn counters(&self) -> Counters {
        *self.counters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It hangs: it is not waited for, and ends by itself if it ever turns again.
    pub(crate) fn give_up(mut self) {
        self.pulse.give_up();
        self.thread = None;
    }
}

impl Drop for ShardThread {
    fn drop(&mut self) {
        self.send(Order::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The thread's end.
struct Post {
    life: Life,
    orders: Receiver<Order>,
    wake: Arc<Flag>,
    neighbours: Neighbours,
    pulse: Arc<Pulse>,
    teller: Teller,
    counters: Arc<Mutex<Counters>>,
    expected: Option<Probe>,
    /// What is known of others' clients, for the shard that comes after this one.
    routes: Routes,
    stopwatch: Stopwatch,
    /// It was ordered to end.
    ended: bool,
}

impl Post {
    fn work(mut self, sockets: &Sockets, config: &ShardConfig) {
        sys::ask_for_slices(SLICE);
        loop {
            let begin = Instant::now();
            let Err(why) = self.live(sockets, config) else { return };
            tracing::error!(shard = self.life.shard, why, "a shard ended");
            self.life.began.1 += 1;
            self.teller.tell([Notice { life: self.life, what: What::Died(why) }]);
            if begin.elapsed() < SHORT_LIFE {
                std::thread::sleep(PAUSE);
            }
        }
    }

    /// One shard, until it is ordered to end or fails; why it failed.
    fn live(&mut self, sockets: &Sockets, config: &ShardConfig) -> Result<(), String> {
        let life = || self.run(sockets.try_clone()?, config.clone());
        match catch_unwind(AssertUnwindSafe(life)) {
            Ok(ended) => ended.map_err(|error| error.to_string()),
            Err(panic) => Err(reason(&*panic)),
        }
    }

    fn run(&mut self, sockets: Sockets, config: ShardConfig) -> io::Result<()> {
        let begin = Instant::now();
        let links = sockets.tcp.map(|door| Links::new(door, begin, sockets.shared_by)).transpose()?;
        let mut ways = Ways { net: Net::new(sockets.udp)?, links };
        let mut shard = Shard::new(config, begin);
        self.routes.prune(begin);
        shard.know(self.routes.clone());
        self.neighbours.say_to_all(&Word::Anew);
        let mut more = false;
        let mut overdue = false;
        let mut owing = false;
        let mut counted = begin;
        let mut load = Load::new(counted);
        loop {
            let shortest = if overdue { SHORTEST_SLEEP } else { Duration::ZERO };
            let timeout = if more {
                Duration::ZERO
            } else {
                let due = [shard.deadline(), ways.deadline()].into_iter().flatten().min();
                let longest = if owing { RETRY } else { TURN };
                due.map_or(longest, |t| t.saturating_duration_since(Instant::now()).max(shortest).min(longest))
            };
            let [called, readable, linked] = ways.wait(&self.wake, Some(timeout))?;
            if called && !more {
                sys::wait_readable([], Some(GATHER_ORDERS))?;
            } else if readable && !more && load.is_busy() {
                sys::wait_readable([self.wake.as_fd()], Some(GATHER))?;
            }
            let now = Instant::now();
            self.pulse.turn();
            if self.pulse.is_given_up() {
                return Ok(());
            }
            let called = self.obey(&mut shard, now, called);
            if called || more {
                more = self.take_handed(&mut ways, &mut shard, now);
            }
            if readable {
                more |= self.take_datagrams(&mut ways.net, &mut shard, now)?;
            }
            if let Some(links) = &mut ways.links {
                more |= self.take_links(links, linked, &mut shard, now)?;
            }
            if shard.deadline().is_some_and(|t| t <= now) {
                shard.handle_timeout(now);
            }
            overdue = shard.deadline().is_some_and(|t| t <= now);
            // Before the flush: an answer tells a client that it may send, and by then others must know whose it is.
            owing = self.tell_neighbours(&mut shard);
            shard.flush(&mut ways);
            ways.flush();
            if self.ended {
                return Ok(());
            }
            self.stopwatch.flushed(Instant::now);
            // Behind the flush: who is let go is told so before.
            if let Some(links) = &mut ways.links {
                std::iter::from_fn(|| shard.poll_link()).for_each(|news| links.handle_news(news));
            }
            load.note(now, ways.net.stats().packets_out);
            self.tell(&mut shard);
            if now.saturating_duration_since(counted) >= STATS_EVERY {
                // Whoever reads them is done in a moment; the next wake-up tells.
                if let Ok(mut counters) = self.counters.try_lock() {
                    counted = now;
                    *counters = Counters {
                        net: ways.net.stats(),
                        links: ways.link_stats(),
                        neighbours: self.neighbours.stats(),
                        delays: self.stopwatch.delays(),
                        shard: shard.stats(),
                    };
                }
            }
        }
    }

    /// Carries out what was ordered, if we are `called` or the flag is up; `true` then, for it may have told of neighbours too.
    ///
    /// A client may come right behind the order that lets it in, in the middle of a turn that began before both: so this is done
    /// once more before what came from outside is taken, be it by another shard.
    fn obey(&mut self, shard: &mut Shard, now: Instant, called: bool) -> bool {
        if !called && !self.wake.is_up() {
            return false;
        }
        self.wake.lower();
        loop {
            match self.orders.try_recv() {
                Ok(Order::Command(began, command)) if began == self.life.began => shard.handle_command(now, command),
                Ok(Order::Command(..)) => {}
                Ok(Order::Expect(probe)) => self.expected = probe,
                Ok(Order::Meet(other)) => {
                    self.neighbours.meet(*other);
                    shard.tell_again();
                }
                Err(TryRecvError::Empty) => return true,
                Ok(Order::Stop) | Err(TryRecvError::Disconnected) => {
                    self.ended = true;
                    return true;
                }
                #[cfg(any(test, feature = "faults"))]
                Ok(Order::Fail) => panic!("a fault for the test"),
                #[cfg(any(test, feature = "faults"))]
                Ok(Order::Hang(time)) => std::thread::sleep(time),
            }
        }
    }

    /// What came to other shards and is this one's, and what they tell; `true` when more may wait.
    fn take_handed(&mut self, ways: &mut Ways, shard: &mut Shard, now: Instant) -> bool {
        let mut more = false;
        while let Some((from, news)) = self.neighbours.hear() {
            match (news, &mut ways.links) {
                (News::Word(word), _) => {
                    self.routes.handle_word(now, from, &word);
                    shard.handle_word(now, from, &word);
                }
                (News::Link(moved), Some(links)) => {
                    more |= self.obey(shard, now, false);
                    links.adopt(now, *moved, |path, frame| shard.handle_handed(now, now, path, frame));
                }
                (News::Link(_), None) => {}
            }
        }
        self.neighbours.look();
        more |= self.obey(shard, now, false);
        let Self { neighbours, stopwatch, .. } = self;
        more |= neighbours.take(|parcel, bytes| match parcel {
            Parcel::Datagram(datagram) => {
                stopwatch.came(datagram.arrived, bytes);
                let path = ways.net.path(datagram.local, datagram.source);
                shard.handle_handed(now, datagram.arrived, path, bytes);
            }
            Parcel::Packet(crossing) => shard.handle_crossing(now, &crossing, bytes),
        });
        more
    }

    /// `true` when more may wait.
    fn take_datagrams(&mut self, net: &mut Net, shard: &mut Shard, now: Instant) -> io::Result<bool> {
        let mut more = false;
        for _ in 0..BATCHES {
            let n = net.read()?;
            more |= self.obey(shard, now, false);
            let Self { expected, neighbours, stopwatch, .. } = self;
            let mut echo = None;
            let full = net.take(n, |source, local, arrived, datagram| {
                if expected.is_some_and(|probe| probe == *datagram) {
                    echo = Some(source);
                } else if let Some(other) = shard.handle_arrival(now, arrived, source, datagram) {
                    neighbours.hand(other, Handed { source: source.addr(), local, arrived }, datagram);
                } else {
                    stopwatch.came(arrived, datagram);
                }
            });
            if let (Some(to), Some(probe)) = (echo, expected.as_ref()) {
                net.push(to, probe.len(), probe);
            }
            if !full {
                return Ok(more);
            }
        }
        Ok(true)
    }

    /// What came by TCP, and who has gone; `true` when more may wait.
    fn take_links(&mut self, links: &mut Links, linked: bool, shard: &mut Shard, now: Instant) -> io::Result<bool> {
        let more = linked && self.obey(shard, now, false);
        if linked {
            links.receive(now, self.expected, |path, frame| shard.handle_datagram(now, path, frame))?;
        }
        while let Some((other, moved)) = links.poll_moved() {
            self.neighbours.say(other, News::Link(Box::new(moved)));
        }
        if links.deadline().is_some_and(|t| t <= now) {
            links.sweep(now);
        }
        while let Some(path) = links.poll_ended() {
            shard.handle_lost_path(now, path);
        }
        Ok(more)
    }

    /// What the other shards have to know, and have to be woken for; `true` when something is still owed to one.
    fn tell_neighbours(&mut self, shard: &mut Shard) -> bool {
        self.neighbours.pay();
        while let Some((to, word)) = shard.poll_word() {
            match to {
                Some(shard) => self.neighbours.say(shard, News::Word(word)),
                None => self.neighbours.say_to_all(&word),
            }
        }
        let neighbours = &mut self.neighbours;
        shard.cross(|to, packet, bytes| neighbours.send(to, packet, bytes));
        neighbours.announce();
        self.neighbours.owes()
    }

    fn tell(&self, shard: &mut Shard) {
        let Some(first) = shard.poll_event() else { return };
        let rest = std::iter::from_fn(|| shard.poll_event());
        let notice = |event| Notice { life: self.life, what: What::Shard(event) };
        self.teller.tell(std::iter::once(first).chain(rest).map(notice));
    }
}

/// All ways out of a shard.
struct Ways {
    net: Net,
    links: Option<Links>,
}

impl Ways {
    /// Sleeps until an order, a datagram or a connection has something, or `timeout` has passed; which it is.
    fn wait(&self, wake: &Flag, timeout: Option<Duration>) -> io::Result<[bool; 3]> {
        let (wake, net) = (wake.as_fd(), self.net.socket().as_fd());
        match &self.links {
            Some(links) => sys::wait_readable([wake, net, links.as_fd()], timeout),
            None => sys::wait_readable([wake, net], timeout).map(|[wake, net]| [wake, net, false]),
        }
    }

    fn flush(&mut self) {
        self.net.flush();
        if let Some(links) = &mut self.links {
            links.flush();
        }
    }

    fn deadline(&self) -> Option<Instant> {
        self.links.as_ref().and_then(Links::deadline)
    }

    fn link_stats(&self) -> LinkStats {
        self.links.as_ref().map(Links::stats).unwrap_or_default()
    }
}

impl Egress for Ways {
    fn push(&mut self, to: Path, segment: usize, bytes: &[u8]) {
        if !to.is_tcp() {
            self.net.push(to, segment, bytes);
        } else if let Some(links) = &mut self.links {
            links.push(to, segment, bytes);
        }
    }

    fn send<'a>(&mut self, runs: impl Iterator<Item = (Path, usize, &'a [u8])> + Clone) {
        if let Some(links) = &mut self.links {
            let by_tcp = runs.clone().filter(|(to, ..)| to.is_tcp());
            by_tcp.for_each(|(to, segment, bytes)| links.push(to, segment, bytes));
        }
        self.net.send(runs.filter(|(to, ..)| !to.is_tcp()));
    }
}

/// How busy the shard has been of late.
struct Load {
    since: Instant,
    sent: u64,
    busy: bool,
}

impl Load {
    fn new(now: Instant) -> Self {
        Self { since: now, sent: 0, busy: false }
    }

    /// `sent`: datagrams since the start.
    fn note(&mut self, now: Instant, sent: u64) {
        let window = now.saturating_duration_since(self.since);
        if window >= BUSY_WINDOW {
            let allowed = BUSY as u128 * window.as_millis() / BUSY_WINDOW.as_millis();
            self.busy = u128::from(sent - self.sent) > allowed;
            (self.since, self.sent) = (now, sent);
        }
    }

    fn is_busy(&self) -> bool {
        self.busy
    }
}

fn reason(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<&str>().map(ToString::to_string).or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without words".into())
}

#[cfg(test)]
#[path = "thread_tests.rs"]
mod tests;
