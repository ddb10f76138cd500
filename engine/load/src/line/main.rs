//! A bad line between two hosts of this machine: what one TUN device takes in comes out of the other, late, shaken, in another
//! order or not at all, as `engine/netem` says. The kernel's own such thing (netem) isn't in every kernel; this one is the same
//! that the simulation plays.
//!
//! Whoever starts it opens the devices: the near one is its standard input, the far one its standard output. By the socket
//! named as its argument it is told how the ways go from now on, `down rate=300000 queue_ms=50 delay_ms=10 loss=0.05` (or
//! `up …`), and answers with what became of the packets so far.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixDatagram;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use folkmoot_netem::{Link, LinkStats, Plan};

/// More than any packet of a TUN device.
const PACKET: usize = 65_536;

/// One way of the line.
struct Way {
    link: Mutex<Link<Vec<u8>>>,
    news: Condvar,
}

impl Way {
    fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { link: Mutex::new(Link::new(Plan::default(), seed)), news: Condvar::new() })
    }

    fn link(&self) -> std::sync::MutexGuard<'_, Link<Vec<u8>>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_in(&self, mut from: File) -> io::Result<()> {
        let mut packet = vec![0; PACKET];
        loop {
            let len = from.read(&mut packet)?;
            self.link().push(Instant::now(), len, packet[..len].to_vec());
            self.news.notify_one();
        }
    }

    fn let_out(&self, mut to: File) {
        let mut link = self.link();
        loop {
            let now = Instant::now();
            while let Some(packet) = link.poll(now) {
                // A device that goes down takes nothing; nobody waits for it.
                let _ = to.write(&packet);
            }
            let wait = link.deadline().map_or(Duration::from_secs(1), |due| due.saturating_duration_since(now));
            link = self.news.wait_timeout(link, wait).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

fn run(way: &Arc<Way>, from: File, to: File) {
    let (taker, giver) = (Arc::clone(way), Arc::clone(way));
    std::thread::spawn(move || taker.take_in(from));
    std::thread::spawn(move || giver.let_out(to));
}

/// `rate=300000 queue_ms=50 …`; `None` where a word isn't understood.
fn plan(words: &str) -> Option<Plan> {
    let mut plan = Plan::default();
    for word in words.split_whitespace() {
        let (name, value) = word.split_once('=')?;
        let value: f64 = value.parse().ok()?;
        let ms = Duration::try_from_secs_f64(value / 1e3).ok()?;
        match name {
            "rate" => plan.rate = Some(value as u64),
            "queue_ms" => plan.queue = ms,
            "delay_ms" => plan.delay = ms,
            "jitter_ms" => plan.jitter = ms,
            "loss" => plan.loss = value,
            "reorder" => (plan.reorder, plan.hold) = (value, Duration::from_millis(15)),
            _ => return None,
        }
    }
    Some(plan)
}

/// Does as it is told; what to answer.
fn obey(told: &str, down: &Way, up: &Way) -> String {
    let (which, words) = told.split_once(' ').unwrap_or((told, ""));
    let way = match which {
        "down" => down,
        "up" => up,
        _ => return "down or up?".into(),
    };
    let Some(plan) = plan(words) else { return format!("not understood: {words}") };
    let mut link = way.link();
    link.set_plan(plan);
    let LinkStats { sent, lost, overflowed, delivered } = link.stats();
    format!("sent={sent} lost={lost} overflowed={overflowed} delivered={delivered}")
}

fn main() -> io::Result<()> {
    let own = |device: io::Result<std::os::fd::OwnedFd>| device.map(File::from);
    let near = || own(io::stdin().as_fd().try_clone_to_owned());
    let far = || own(io::stdout().as_fd().try_clone_to_owned());
    let path = std::env::args().nth(1).ok_or_else(|| io::Error::other("the path of a socket"))?;
    let socket = UnixDatagram::bind(path)?;
    let (down, up) = (Way::new(1), Way::new(2));
    run(&down, near()?, far()?);
    run(&up, far()?, near()?);
    let mut told = [0; 512];
    loop {
        let (len, from) = socket.recv_from(&mut told)?;
        let answer = obey(&String::from_utf8_lossy(&told[..len]), &down, &up);
        if let Some(path) = from.as_pathname() {
            let _ = socket.send_to(answer.as_bytes(), path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_told_in_words_and_tells_what_became_of_its_packets() {
        let (down, up) = (Way::new(1), Way::new(2));
        let told = "down rate=300000 queue_ms=50 delay_ms=10 loss=0.05 jitter_ms=3 reorder=0.1";
        assert_eq!(obey(told, &down, &up), "sent=0 lost=0 overflowed=0 delivered=0");
        let plan = down.link().plan();
        assert_eq!((plan.rate, plan.queue, plan.loss), (Some(300_000), Duration::from_millis(50), 0.05));
        assert_eq!(up.link().plan(), Plan::default());
        for wrong in ["down rate", "down rate=x", "down delay_ms=-1", "down speed=1", "sideways", ""] {
            assert!(!obey(wrong, &down, &up).starts_with("sent"), "{wrong}");
        }
    }
}
