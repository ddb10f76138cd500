//! The thread of one shard: waits for datagrams, commands and the shard's deadline; never spins, never blocks elsewhere.
//!
//! One wake-up is: commands, then datagrams and connections (all that wait, up to a bound), then timers, then one flush,
//! then the news.
//! A panic that reaches this file is reported as [`Notice::Died`]: the caller decides what a process without media does.

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
use folkmoot_sfu::{Command, Egress, Shard, ShardConfig, ShardStats};

use crate::events::{Notice, Teller};
use crate::flag::Flag;
use crate::net::{Net, NetStats};
use crate::probe::Probe;
use crate::sys;
use crate::tcp::{LinkStats, Links};

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
/// How old the counters that a caller reads may be.
const STATS_EVERY: Duration = Duration::from_millis(200);

pub(crate) enum Order {
    Command(Command),
    /// Echo this datagram when it comes in (`None`: no more).
    Expect(Option<Probe>),
    Stop,
    #[cfg(test)]
    Fail,
}

/// Counters of a shard and its sockets.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counters {
    /// The socket's.
    pub net: NetStats,
    /// The TCP connections'.
    pub links: LinkStats,
    /// The shard's.
    pub shard: ShardStats,
}

/// What a shard hears by.
#[derive(Debug)]
pub struct Sockets {
    /// For all datagrams.
    pub udp: UdpSocket,
    /// For those whom none reaches, if they shall be served.
    pub tcp: Option<TcpListener>,
}

/// The caller's end of a shard's thread. Dropping it ends the thread.
pub struct ShardThread {
    orders: Sender<Order>,
    wake: Arc<Flag>,
    counters: Arc<Mutex<Counters>>,
    thread: Option<JoinHandle<()>>,
}

impl ShardThread {
    /// Starts a thread that owns `sockets` and tells its news by `teller`.
    pub fn start(sockets: Sockets, config: ShardConfig, teller: Teller) -> io::Result<Self> {
        let (orders, inbox) = channel();
        let wake = Arc::new(Flag::new()?);
        let counters = Arc::new(Mutex::new(Counters::default()));
        let post = Post { inbox, wake: wake.clone(), teller, counters: counters.clone(), expected: None };
        let thread =
            std::thread::Builder::new().name("folkmoot-shard".into()).spawn(move || post.work(sockets, config))?;
        Ok(Self { orders, wake, counters, thread: Some(thread) })
    }

    pub(crate) fn send(&self, order: Order) {
        // A thread that has died has said so by an event; its orders go nowhere.
        if self.orders.send(order).is_ok() {
            self.wake.raise();
        }
    }

    /// Gives the shard a command.
    pub fn command(&self, command: Command) {
        self.send(Order::Command(command));
    }

    /// The counters, at most a fraction of a second old.
    pub fn counters(&self) -> Counters {
        *self.counters.lock().unwrap_or_else(PoisonError::into_inner)
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
    inbox: Receiver<Order>,
    wake: Arc<Flag>,
    teller: Teller,
    counters: Arc<Mutex<Counters>>,
    expected: Option<Probe>,
}

impl Post {
    fn work(mut self, sockets: Sockets, config: ShardConfig) {
        let outcome = catch_unwind(AssertUnwindSafe(|| self.run(sockets, config)));
        let why = match outcome {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.to_string(),
            Err(panic) => reason(&*panic),
        };
        tracing::error!(why, "the shard's thread ended");
        self.teller.tell([Notice::Died(why)]);
    }

    fn run(&mut self, sockets: Sockets, config: ShardConfig) -> io::Result<()> {
        let begin = Instant::now();
        let links = sockets.tcp.map(|door| Links::new(door, begin)).transpose()?;
        let mut ways = Ways { net: Net::new(sockets.udp)?, links };
        let mut shard = Shard::new(config, begin);
        let mut more = false;
        let mut overdue = false;
        let mut counted = begin;
        let mut load = Load::new(counted);
        loop {
            let shortest = if overdue { SHORTEST_SLEEP } else { Duration::ZERO };
            let timeout = if more {
                Some(Duration::ZERO)
            } else {
                let due = [shard.deadline(), ways.deadline()].into_iter().flatten().min();
                due.map(|t| t.saturating_duration_since(Instant::now()).max(shortest))
            };
            let [ordered, readable, linked] = ways.wait(&self.wake, timeout)?;
            if readable && !more && load.is_busy() {
                sys::wait_readable([self.wake.as_fd()], Some(GATHER))?;
            }
            let now = Instant::now();
            if ordered && !self.obey(&mut shard, now) {
                shard.flush(&mut ways);
                ways.flush();
                return Ok(());
            }
            more = false;
            if readable {
                more = self.take_datagrams(&mut ways.net, &mut shard, now)?;
            }
            if let Some(links) = &mut ways.links {
                self.take_links(links, linked, &mut shard, now)?;
            }
            if shard.deadline().is_some_and(|t| t <= now) {
                shard.handle_timeout(now);
            }
            overdue = shard.deadline().is_some_and(|t| t <= now);
            shard.flush(&mut ways);
            ways.flush();
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
                    *counters = Counters { net: ways.net.stats(), links: ways.link_stats(), shard: shard.stats() };
                }
            }
        }
    }

    /// Carries out what was ordered; `false` to end.
    fn obey(&mut self, shard: &mut Shard, now: Instant) -> bool {
        self.wake.lower();
        loop {
            match self.inbox.try_recv() {
                Ok(Order::Command(command)) => shard.handle_command(now, command),
                Ok(Order::Expect(probe)) => self.expected = probe,
                Err(TryRecvError::Empty) => return true,
                Ok(Order::Stop) | Err(TryRecvError::Disconnected) => return false,
                #[cfg(test)]
                Ok(Order::Fail) => panic!("a fault for the test"),
            }
        }
    }

    /// `true` when more may wait.
    fn take_datagrams(&self, net: &mut Net, shard: &mut Shard, now: Instant) -> io::Result<bool> {
        for _ in 0..BATCHES {
            let mut echo = None;
            let full = net.receive(|source, arrived, datagram| {
                if self.expected.is_some_and(|probe| probe == *datagram) {
                    echo = Some(source);
                } else {
                    shard.handle_arrival(now, arrived, source, datagram);
                }
            })?;
            self.echo(net, echo);
            if !full {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What came by TCP, and who has gone.
    fn take_links(&self, links: &mut Links, linked: bool, shard: &mut Shard, now: Instant) -> io::Result<()> {
        if linked {
            links.receive(now, self.expected, |path, frame| shard.handle_datagram(now, path, frame))?;
        }
        if links.deadline().is_some_and(|t| t <= now) {
            links.sweep(now);
        }
        while let Some(path) = links.poll_ended() {
            shard.handle_lost_path(now, path);
        }
        Ok(())
    }

    fn echo(&self, net: &mut Net, to: Option<Path>) {
        if let (Some(to), Some(probe)) = (to, &self.expected) {
            net.push(to, probe.len(), probe);
        }
    }

    fn tell(&self, shard: &mut Shard) {
        let Some(first) = shard.poll_event() else { return };
        let rest = std::iter::from_fn(|| shard.poll_event());
        self.teller.tell(std::iter::once(first).chain(rest).map(Notice::Shard));
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
