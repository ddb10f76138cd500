//! ICE-lite: answers the client's checks, and knows where it can be reached.
//!
//! The agent of `is` checks and answers; three of its habits are met here. It stays with an older pair of equal priority
//! when the client has moved, so we follow `USE-CANDIDATE` ourselves. Its restart forgets the old name at once, so a
//! restart makes a second agent, and the first answers until the client has nominated on the second. It drops checks
//! whose destination is no candidate of its own, so it is told a constant address, which never travels.
//!
//! A lite agent need not ask anything. Ours asks once, behind its answer to a client's first check from an address: Pion
//! nominates when it is asked on a pair that stands, and else at its next look, a fifth of a second later.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use folkmoot_sdp::IceCreds;
use is::stun::{StunMessage, StunPacket, TransId};
use is::{Candidate, IceAgent, Protocol, Sha1HmacProvider};

use crate::event::{ControlEvent, ControlOutput};
use crate::path::Path;

/// After so long without a check the client is gone: its consent (RFC 7675) has ended long before.
const CONSENT: Duration = Duration::from_secs(15);
/// Paths of one client that are remembered at a time.
const SOURCES: usize = 32;

/// Of an address learnt from a check (RFC 8445 §5.1.2): it says nothing here.
const PRIORITY: u32 = 110 << 24 | 0xff_ffff;

/// Both are documentation addresses: they stand for “here” inside the agent and reach nothing.
const HERE_V4: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), 9);
const HERE_V6: SocketAddr = SocketAddr::new(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)), 9);

pub(crate) struct Ice {
    current: Agent,
    /// The one before a restart, while the client has not nominated on the current one.
    previous: Option<Agent>,
    sources: VecDeque<Path>,
    selected: Option<Path>,
    heard: Option<Instant>,
    lost: bool,
}

struct Agent {
    is: IceAgent,
    local: IceCreds,
    remote: Option<IceCreds>,
    sources: usize,
}

impl Ice {
    pub(crate) fn new(local: &IceCreds) -> Self {
        Self {
            current: Agent::new(local.clone()),
            previous: None,
            sources: VecDeque::new(),
            selected: None,
            heard: None,
            lost: false,
        }
    }

    /// Where to send.
    pub(crate) fn selected(&self) -> Option<Path> {
        self.selected
    }

    /// Whoever sends from there has shown that it knows our password.
    pub(crate) fn is_authenticated(&self, source: Path) -> bool {
        self.sources.contains(&source)
    }

    pub(crate) fn set_remote(
        &mut self,
        now: Instant,
        local: &IceCreds,
        remote: &IceCreds,
        out: &mut VecDeque<ControlOutput>,
    ) {
        if self.current.local.ufrag != local.ufrag {
            let old = std::mem::replace(&mut self.current, Agent::new(local.clone()));
            // A restart on top of one that was never used: the oldest still carries.
            self.previous.get_or_insert(old);
        }
        if self.current.remote.as_ref() != Some(remote) {
            self.current.set_remote(remote);
            // Checks that came before the answer did were kept: one is answered a call.
            for _ in 0..100 {
                self.current.is.handle_timeout(now);
                if !self.current.drain(&self.sources, out) {
                    break;
                }
            }
            for source in &self.sources {
                self.current.ask(*source, out);
            }
        }
        if let (None, Some(source)) = (self.selected, self.sources.back().copied()) {
            self.select(source, out);
        }
    }

    pub(crate) fn handle(&mut self, now: Instant, source: Path, datagram: &[u8], out: &mut VecDeque<ControlOutput>) {
        let Ok(message) = StunMessage::parse(datagram) else { return };
        if !message.is_binding_request() {
            return; // a lite agent asks nothing, so nothing is an answer
        }
        let Some((ufrag, _)) = message.split_username() else { return };
        let on_current = ufrag == self.current.local.ufrag;
        let agent = match &mut self.previous {
            _ if on_current => &mut self.current,
            Some(previous) if ufrag == previous.local.ufrag => previous,
            _ => return,
        };
        if !self.sources.contains(&source) && agent.sources >= SOURCES {
            agent.start_over(); // it never forgets an address by itself
        }
        let nominates = message.use_candidate();
        let destination = if source.addr().is_ipv4() { HERE_V4 } else { HERE_V6 };
        let packet = StunPacket { proto: protocol(source), source: source.addr(), destination, message };
        if !agent.is.handle_packet(now, packet) {
            return;
        }
        agent.is.handle_timeout(now);
        let is_new = !self.sources.contains(&source);
        if is_new {
            agent.sources += 1;
            if self.sources.len() >= SOURCES {
                self.sources.pop_front();
            }
            self.sources.push_back(source);
        }
        out.push_back(ControlOutput::Event(ControlEvent::Source(source)));
        let answerable = agent.remote.is_some();
        agent.drain(&self.sources, out);
        if is_new && !nominates {
            agent.ask(source, out);
        }
        self.heard = Some(now);
        self.lost = false;
        if nominates && answerable && on_current {
            self.previous = None;
        }
        // The first authenticated path will do until the client nominates: its DTLS may come before that.
        if answerable && (nominates || self.selected.is_none()) {
            self.select(source, out);
        }
    }

    /// A path that is no more, such as a TCP connection that was closed.
    pub(crate) fn lose(&mut self, path: Path, out: &mut VecDeque<ControlOutput>) {
        self.sources.retain(|source| *source != path);
        if self.selected == Some(path) {
            self.selected = None;
            out.push_back(ControlOutput::Event(ControlEvent::Unselected));
        }
    }

    fn select(&mut self, to: Path, out: &mut VecDeque<ControlOutput>) {
        if self.selected != Some(to) {
            self.selected = Some(to);
            out.push_back(ControlOutput::Event(ControlEvent::Selected(to)));
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant, out: &mut VecDeque<ControlOutput>) {
        if self.deadline().is_some_and(|at| now >= at) {
            self.lost = true;
            out.push_back(ControlOutput::Event(ControlEvent::Disconnected));
        }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        if self.lost { None } else { Some(self.heard? + CONSENT) }
    }
}

impl Agent {
    fn new(local: IceCreds) -> Self {
        let creds = is::IceCreds { ufrag: local.ufrag.clone(), pass: local.pwd.clone() };
        let mut is = IceAgent::with_hmac(creds, &AwsLcHmac);
        is.set_ice_lite(true);
        is.set_controlling(false);
        // Whoever claims our role loses: a lite agent is always the controlled one.
        is.set_control_tie_breaker(u64::MAX);
        for here in [HERE_V4, HERE_V6] {
            for protocol in [Protocol::Udp, Protocol::Tcp] {
                let candidate = Candidate::host(here, protocol).expect("a constant address is a candidate");
                is.add_local_candidate(candidate);
            }
        }
        Self { is, local, remote: None, sources: 0 }
    }

    fn set_remote(&mut self, remote: &IceCreds) {
        self.is.set_remote_credentials(is::IceCreds { ufrag: remote.ufrag.clone(), pass: remote.pwd.clone() });
        self.remote = Some(remote.clone());
    }

    /// A check of our own; what the client answers is of no use to us.
    fn ask(&self, to: Path, out: &mut VecDeque<ControlOutput>) {
        let Some(remote) = &self.remote else { return };
        let name = format!("{}:{}", remote.ufrag, self.local.ufrag);
        let message = StunMessage::binding_request(&name, TransId::new(), false, u64::MAX, PRIORITY, false);
        let mut bytes = vec![0; 512];
        let hmac = |key: &[u8], payloads: &[&[u8]]| AwsLcHmac.sha1_hmac(key, payloads);
        if let Ok(len) = message.to_bytes(Some(remote.pwd.as_bytes()), &mut bytes, hmac) {
            bytes.truncate(len);
            out.push_back(ControlOutput::Transmit { to, bytes });
        }
    }

    fn start_over(&mut self) {
        let remote = self.remote.take();
        *self = Self::new(self.local.clone());
        if let Some(remote) = remote {
            self.set_remote(&remote);
        }
    }

    /// Whether there was anything to send. What the agent would select is not asked: see above.
    /// It knows nothing of connections, so an answer over TCP goes where its address was last heard of.
    fn drain(&mut self, sources: &VecDeque<Path>, out: &mut VecDeque<ControlOutput>) -> bool {
        let mut any = false;
        while let Some(transmit) = self.is.poll_transmit() {
            any = true;
            let there = |path: &&Path| path.addr() == transmit.destination && protocol(**path) == transmit.proto;
            let to = match transmit.proto {
                Protocol::Udp => Some(Path::udp(transmit.destination)),
                _ => sources.iter().rev().find(there).copied(),
            };
            if let Some(to) = to {
                out.push_back(ControlOutput::Transmit { to, bytes: transmit.contents.into() });
            }
        }
        while self.is.poll_event().is_some() {}
        any
    }
}

const fn protocol(path: Path) -> Protocol {
    if path.is_tcp() { Protocol::Tcp } else { Protocol::Udp }
}

#[derive(Debug)]
struct AwsLcHmac;

impl Sha1HmacProvider for AwsLcHmac {
    fn sha1_hmac(&self, key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
        let mut context = hmac::Context::with_key(&key);
        for payload in payloads {
            context.update(payload);
        }
        let mut tag = [0; 20];
        tag.copy_from_slice(context.sign().as_ref());
        tag
    }
}

/// Our user name fragment in a STUN binding request: whose it is, before any address is known. Nothing is verified.
pub fn stun_local_ufrag(datagram: &[u8]) -> Option<&str> {
    const USERNAME: u16 = 6;
    let (header, mut attributes) = datagram.split_at_checked(20)?;
    if header[..2] != [0, 1] || header[4..8] != [0x21, 0x12, 0xa4, 0x42] {
        return None;
    }
    while attributes.len() >= 4 {
        let kind = u16::from_be_bytes([attributes[0], attributes[1]]);
        let len = usize::from(u16::from_be_bytes([attributes[2], attributes[3]]));
        let value = attributes.get(4..4 + len)?;
        if kind == USERNAME {
            let name = std::str::from_utf8(value).ok()?;
            return name.split_once(':').map(|(local, _)| local);
        }
        attributes = attributes.get(4 + len.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn creds(name: &str) -> IceCreds {
        IceCreds { ufrag: name.to_owned(), pwd: format!("password-of-{name}-and-more") }
    }

    fn hmac(key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
        AwsLcHmac.sha1_hmac(key, payloads)
    }

    fn check(nominates: bool) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        let message = StunMessage::binding_request("ours:theirs", TransId::new(), true, 1, PRIORITY, nominates);
        let len = message.to_bytes(Some(creds("ours").pwd.as_bytes()), &mut bytes, hmac).expect("room");
        bytes.truncate(len);
        bytes
    }

    /// What is sent after each of these checks: `true` for a check of ours.
    fn sent(checks: &[bool]) -> Vec<Vec<bool>> {
        let now = Instant::now();
        let source = Path::udp(([198, 51, 100, 7], 4000).into());
        let mut ice = Ice::new(&creds("ours"));
        ice.set_remote(now, &creds("ours"), &creds("theirs"), &mut VecDeque::new());
        let mut each = Vec::new();
        for nominates in checks {
            let mut out = VecDeque::new();
            ice.handle(now, source, &check(*nominates), &mut out);
            let datagrams = out.iter().filter_map(|o| match o {
                ControlOutput::Transmit { to, bytes } if *to == source => Some(bytes),
                _ => None,
            });
            let ours = datagrams.map(|bytes| {
                let message = StunMessage::parse(bytes).expect("STUN");
                let asks = message.is_binding_request();
                assert!(!asks || message.split_username() == Some(("theirs", "ours")));
                let key = creds(if asks { "theirs" } else { "ours" }).pwd;
                assert!(message.verify(key.as_bytes(), hmac), "under the password of whom it is for");
                asks
            });
            each.push(ours.collect());
        }
        each
    }

    #[test]
    fn a_client_that_has_not_nominated_is_asked_once_behind_the_first_answer() {
        assert_eq!(sent(&[false, false, true]), [vec![false, true], vec![false], vec![false]]);
    }

    #[test]
    fn a_client_that_nominates_at_once_is_only_answered() {
        assert_eq!(sent(&[true, true]), [[false], [false]]);
    }
}
