//! ICE-lite: answers the client's checks, and knows where it can be reached.
//!
//! The agent of `is` checks and answers; three of its habits are met here. It stays with an older pair of equal priority
//! when the client has moved, so we follow `USE-CANDIDATE` ourselves. Its restart forgets the old name at once, so a
//! restart makes a second agent, and the first answers until the client has nominated on the second. It drops checks
//! whose destination is no candidate of its own, so it is told a constant address, which never travels.
//!
//! A lite agent need not ask anything. Ours asks once, behind its answer to a client's first check from an address: Pion
//! nominates when it is asked on a pair that stands, and else at its next look, a fifth of a second later. And it asks
//! before it follows a client: whoever can write another's address on datagrams could else aim its own pictures at it.
//!
//! Law: once DTLS has begun, nothing but an answer to our own question (RFC 8445 §7.2.5.2) from a path, or a path that a
//! connection stands on, makes it the selected one. The handshake goes by the path it began on or by such a one; so when it
//! is through, the client has shown that it is where it is sent to.

use std::collections::VecDeque;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use folkmoot_sdp::IceCreds;
use is::stun::{StunMessage, StunPacket, TransId};
use is::{Candidate, IceAgent, Protocol, Sha1HmacProvider};

use crate::event::{ControlEvent, ControlOutput};
use crate::path::{Local, Path};

/// After so long without a check the client is gone: its consent (RFC 7675) has ended long before.
const CONSENT: Duration = Duration::from_secs(15);
/// Paths of one client that are remembered at a time.
const SOURCES: usize = 32;

/// Of an address learnt from a check (RFC 8445 §5.1.2): it says nothing here.
const PRIORITY: u32 = 110 << 24 | 0xff_ffff;

/// Both are documentation addresses: they stand for “here” inside the agent and reach nothing. The port says which of our
/// addresses it is.
const HERE_V4: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
const HERE_V6: IpAddr = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1));
const HERE_PORT: u16 = 9;

pub(crate) struct Ice {
    current: Agent,
    /// The one before a restart, while the client has not nominated on the current one.
    previous: Option<Agent>,
    sources: VecDeque<Source>,
    selected: Option<Path>,
    /// Nominated, and asked whether it is there.
    wanted: Option<Path>,
    /// DTLS has sent something to the selected path.
    shaking_hands: bool,
    heard: Option<Instant>,
    lost: bool,
}

struct Source {
    path: Path,
    /// The transaction of our own check there.
    transaction: Option<TransId>,
    /// What is sent there arrives.
    proven: bool,
}

struct Agent {
    is: IceAgent,
    local: IceCreds,
    remote: Option<IceCreds>,
    sources: usize,
    /// Our ends of the paths that it was asked by.
    ends: Vec<(SocketAddr, Protocol)>,
}

impl Ice {
    pub(crate) fn new(local: &IceCreds) -> Self {
        Self {
            current: Agent::new(local.clone()),
            previous: None,
            sources: VecDeque::new(),
            selected: None,
            wanted: None,
            shaking_hands: false,
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
        self.sources.iter().any(|s| s.path == source)
    }

    /// DTLS sends to the selected path.
    pub(crate) fn begin_handshake(&mut self) {
        self.shaking_hands = true;
    }

    /// DTLS is through, so what was sent to the selected path has arrived.
    pub(crate) fn end_handshake(&mut self) {
        for source in &mut self.sources {
            source.proven |= Some(source.path) == self.selected;
        }
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
            for source in &mut self.sources {
                self.current.ask(source, out);
            }
        }
        if let (None, Some(last)) = (self.selected, self.sources.back().map(|s| s.path)) {
            self.follow(last, out);
        }
    }

    pub(crate) fn handle(&mut self, now: Instant, source: Path, datagram: &[u8], out: &mut VecDeque<ControlOutput>) {
        let Ok(message) = StunMessage::parse(datagram) else { return };
        if !message.is_binding_request() {
            return self.handle_response(source, &message, out);
        }
        let Some((ufrag, _)) = message.split_username() else { return };
        let on_current = ufrag == self.current.local.ufrag;
        let agent = match &mut self.previous {
            _ if on_current => &mut self.current,
            Some(previous) if ufrag == previous.local.ufrag => previous,
            _ => return,
        };
        let is_new = !self.sources.iter().any(|s| s.path == source);
        if is_new && agent.sources >= SOURCES {
            agent.start_over(); // it never forgets an address by itself
        }
        let nominates = message.use_candidate();
        agent.listen(source);
        let packet = StunPacket { proto: protocol(source), source: source.addr(), destination: here(source), message };
        if !agent.is.handle_packet(now, packet) {
            return;
        }
        agent.is.handle_timeout(now);
        if is_new {
            agent.sources += 1;
            if self.sources.len() >= SOURCES {
                self.sources.pop_front();
            }
            self.sources.push_back(Source { path: source, transaction: None, proven: source.is_tcp() });
        }
        out.push_back(ControlOutput::Event(ControlEvent::Source(source)));
        let answerable = agent.remote.is_some();
        agent.drain(&self.sources, out);
        if is_new
            && !nominates
            && let Some(known) = self.sources.back_mut()
        {
            agent.ask(known, out);
        }
        self.heard = Some(now);
        self.lost = false;
        if nominates && answerable && on_current {
            self.previous = None;
        }
        // The first authenticated path will do until the client nominates: its DTLS may come before that. And who has
        // nominated a path and checks it again may not have got our question.
        if answerable && (nominates || self.selected.is_none() || self.wanted == Some(source)) {
            self.follow(source, out);
        }
    }

    /// To where the client wants to be sent to; at once where that can't hurt anybody else.
    fn follow(&mut self, to: Path, out: &mut VecDeque<ControlOutput>) {
        let Some(source) = self.sources.iter_mut().find(|s| s.path == to) else { return };
        if !self.shaking_hands || source.proven {
            self.wanted = None;
            return self.select(to, out);
        }
        self.wanted = Some(to);
        self.current.ask(source, out);
    }

    fn handle_response(&mut self, from: Path, message: &StunMessage<'_>, out: &mut VecDeque<ControlOutput>) {
        let Some(source) = self.sources.iter_mut().find(|s| s.path == from) else { return };
        let remotes =
            [Some(&self.current), self.previous.as_ref()].into_iter().flatten().filter_map(|a| a.remote.as_ref());
        let signed = |remote: &IceCreds| message.verify(remote.pwd.as_bytes(), sha1_hmac);
        let is_ours = source.transaction.is_some_and(|id| id == message.trans_id());
        if is_ours && message.is_successful_binding_response() && remotes.into_iter().any(signed) {
            source.proven = true;
            if self.wanted == Some(from) {
                self.wanted = None;
                self.select(from, out);
            }
        }
    }

    /// A path that is no more, such as a TCP connection that was closed.
    pub(crate) fn lose(&mut self, path: Path, out: &mut VecDeque<ControlOutput>) {
        self.sources.retain(|source| source.path != path);
        self.wanted = self.wanted.filter(|wanted| *wanted != path);
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
        Self { is, local, remote: None, sources: 0, ends: Vec::new() }
    }

    /// Our end of a path is one that is answered from.
    fn listen(&mut self, path: Path) {
        let end = (here(path), protocol(path));
        if !self.ends.contains(&end) {
            self.ends.push(end);
            self.is.add_local_candidate(Candidate::host(end.0, end.1).expect("a constant address is a candidate"));
        }
    }

    fn set_remote(&mut self, remote: &IceCreds) {
        self.is.set_remote_credentials(is::IceCreds { ufrag: remote.ufrag.clone(), pass: remote.pwd.clone() });
        self.remote = Some(remote.clone());
    }

    /// A check of our own. Asked again, it is the same question: an answer to the first is one to all.
    fn ask(&self, source: &mut Source, out: &mut VecDeque<ControlOutput>) {
        let Some(remote) = &self.remote else { return };
        let id = *source.transaction.get_or_insert_with(TransId::new);
        let name = format!("{}:{}", remote.ufrag, self.local.ufrag);
        let message = StunMessage::binding_request(&name, id, false, u64::MAX, PRIORITY, false);
        let mut bytes = vec![0; 512];
        if let Ok(len) = message.to_bytes(Some(remote.pwd.as_bytes()), &mut bytes, sha1_hmac) {
            bytes.truncate(len);
            out.push_back(ControlOutput::Transmit { to: source.path, bytes });
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
    fn drain(&mut self, sources: &VecDeque<Source>, out: &mut VecDeque<ControlOutput>) -> bool {
        let mut any = false;
        while let Some(transmit) = self.is.poll_transmit() {
            any = true;
            let there = |path: &Path| path.addr() == transmit.destination && protocol(*path) == transmit.proto;
            let to = match transmit.proto {
                Protocol::Udp => Some(Path::udp_from(local(transmit.source), transmit.destination)),
                _ => sources.iter().rev().map(|s| s.path).find(there),
            };
            if let Some(to) = to {
                out.push_back(ControlOutput::Transmit { to, bytes: transmit.contents.into() });
            }
        }
        while self.is.poll_event().is_some() {}
        any
    }
}

/// Our end of a path, as the agent knows it.
const fn here(path: Path) -> SocketAddr {
    let ip = if path.addr().is_ipv4() { HERE_V4 } else { HERE_V6 };
    SocketAddr::new(ip, HERE_PORT + path.local().0 as u16)
}

fn local(here: SocketAddr) -> Local {
    Local(here.port().saturating_sub(HERE_PORT) as u8)
}

const fn protocol(path: Path) -> Protocol {
    if path.is_tcp() { Protocol::Tcp } else { Protocol::Udp }
}

fn sha1_hmac(key: &[u8], payloads: &[&[u8]]) -> [u8; 20] {
    AwsLcHmac.sha1_hmac(key, payloads)
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

    fn check(nominates: bool) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        let message = StunMessage::binding_request("ours:theirs", TransId::new(), true, 1, PRIORITY, nominates);
        let len = message.to_bytes(Some(creds("ours").pwd.as_bytes()), &mut bytes, sha1_hmac).expect("room");
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
                assert!(message.verify(key.as_bytes(), sha1_hmac), "under the password of whom it is for");
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

    /// A client whose DTLS is through, and its home.
    fn settled() -> (Ice, Path) {
        let (mut ice, home) = shaking_hands();
        ice.end_handshake();
        (ice, home)
    }

    /// A client whose DTLS has begun.
    fn shaking_hands() -> (Ice, Path) {
        let home = Path::udp(([198, 51, 100, 7], 4000).into());
        let mut ice = Ice::new(&creds("ours"));
        ice.set_remote(Instant::now(), &creds("ours"), &creds("theirs"), &mut VecDeque::new());
        assert_eq!(selected_after(&mut ice, home, &check(true)).0, Some(home));
        ice.begin_handshake();
        (ice, home)
    }

    /// Where media goes after this datagram, and what was asked there.
    fn selected_after(ice: &mut Ice, from: Path, datagram: &[u8]) -> (Option<Path>, Option<TransId>) {
        let mut out = VecDeque::new();
        ice.handle(Instant::now(), from, datagram, &mut out);
        let asked = out.iter().find_map(|o| match o {
            ControlOutput::Transmit { to, bytes } if *to == from => {
                StunMessage::parse(bytes).ok().filter(StunMessage::is_binding_request).map(|m| m.trans_id())
            }
            _ => None,
        });
        (ice.selected(), asked)
    }

    fn answer(id: TransId, password: &str) -> Vec<u8> {
        let mut bytes = vec![0; 512];
        let message = StunMessage::binding_reply(id, ([203, 0, 113, 1], 9).into());
        let len = message.to_bytes(Some(password.as_bytes()), &mut bytes, sha1_hmac).expect("room");
        bytes.truncate(len);
        bytes
    }

    #[test]
    fn a_client_that_has_moved_is_followed_when_what_is_sent_there_arrives() {
        let (mut ice, home) = settled();
        let there = Path::udp(([203, 0, 113, 5], 4111).into());
        let (selected, asked) = selected_after(&mut ice, there, &check(true));
        assert_eq!(selected, Some(home), "not before it is known to be there");
        let first = asked.expect("it is asked");
        for nominates in [true, false] {
            let (_, asked) = selected_after(&mut ice, there, &check(nominates));
            assert_eq!(asked, Some(first), "the same question again: an answer to any will do");
        }
        assert_eq!(selected_after(&mut ice, there, &answer(first, &creds("theirs").pwd)).0, Some(there));
        assert_eq!(selected_after(&mut ice, home, &check(true)), (Some(home), None), "home is known to be reached");
        assert_eq!(selected_after(&mut ice, there, &check(true)), (Some(there), None), "and so is there by now");
    }

    #[test]
    fn media_is_never_aimed_at_somebody_else() {
        let (mut ice, home) = settled();
        let victim = Path::udp(([192, 0, 2, 66], 53).into());
        let asked = selected_after(&mut ice, victim, &check(true)).1.expect("one question, and no media");
        let elsewhere = Path::udp(([203, 0, 113, 5], 4111).into());
        assert!(selected_after(&mut ice, elsewhere, &check(false)).1.is_some());
        for (from, datagram) in [
            (victim, answer(asked, "another password entirely")),
            (victim, answer(TransId::new(), &creds("theirs").pwd)),
            (elsewhere, answer(asked, &creds("theirs").pwd)),
            (home, answer(asked, &creds("theirs").pwd)),
        ] {
            assert_eq!(selected_after(&mut ice, from, &datagram).0, Some(home));
        }
    }

    #[test]
    fn nor_is_it_when_somebody_else_is_nominated_before_the_handshake_ends() {
        let (mut ice, home) = shaking_hands();
        let victim = Path::udp(([192, 0, 2, 66], 53).into());
        assert_eq!(selected_after(&mut ice, victim, &check(true)).0, Some(home));
        ice.end_handshake();
        assert_eq!(
            selected_after(&mut ice, victim, &check(true)).0,
            Some(home),
            "the handshake has shown nothing of it"
        );
    }

    #[test]
    fn each_address_of_ours_that_is_asked_answers_for_itself_and_the_nominated_one_is_kept() {
        let client = ([198, 51, 100, 7], 4000).into();
        let [first, second] = [1, 2].map(|n| Path::udp_from(Local(n), client));
        let mut ice = Ice::new(&creds("ours"));
        let mut out = VecDeque::new();
        // Both are asked before the client's description is here, as where the offer was ours.
        ice.handle(Instant::now(), first, &check(false), &mut out);
        ice.handle(Instant::now(), second, &check(false), &mut out);
        ice.set_remote(Instant::now(), &creds("ours"), &creds("theirs"), &mut out);
        let answered: Vec<Path> = out
            .iter()
            .filter_map(|o| match o {
                ControlOutput::Transmit { to, bytes } if bytes[0] == 1 => Some(*to),
                _ => None,
            })
            .collect();
        assert_eq!(answered, [first, second]);
        assert_eq!(selected_after(&mut ice, first, &check(true)).0, Some(first));
        assert!(!ice.is_authenticated(Path::udp(client)), "an address of ours that was never asked");
    }

    #[test]
    fn a_connection_of_tcp_is_its_own_proof() {
        let (mut ice, _) = settled();
        let link = Path::tcp(([203, 0, 113, 5], 4111).into(), std::num::NonZeroU32::MIN);
        assert_eq!(selected_after(&mut ice, link, &check(true)), (Some(link), None));
    }
}
