//! A client with a socket of its own beside an engine with its real ones: str0m, driven by turns.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Instant;

use folkmoot_node::{Engine, Error, Handle, Role};
use folkmoot_sim::pc::{Pc, Wants};

/// See the module.
pub struct Client {
    /// Its side.
    pub pc: Pc,
    socket: UdpSocket,
    /// Who it is.
    pub peer: Handle,
    /// The engine's side.
    pub connection: Handle,
    /// What it sends.
    pub tracks: Vec<Handle>,
    /// It only counts the media that comes, which costs a tenth of reading it.
    pub only_counts: bool,
    /// How much that was.
    pub counted: u64,
}

impl Client {
    /// Somebody who is about to connect.
    pub fn new(engine: &mut Engine, room: Handle, number: usize, role: Role) -> Result<Self, Error> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        socket.set_nonblocking(true).expect("a socket");
        let peer = engine.open_peer(room, format!("client-{number}"), format!("PA_{number}"), true)?;
        let connection = engine.open_connection(peer, role)?;
        let now = Instant::now();
        let pc = Pc::new(socket.local_addr().expect("bound"), now, now);
        Ok(Self { pc, socket, peer, connection, tracks: Vec::new(), only_counts: false, counted: 0 })
    }

    /// Sends a voice and a camera with three layers.
    pub fn publish(&mut self, engine: &mut Engine, number: u32) -> Result<(), Error> {
        let camera = Some((number * 2 + 1, true));
        self.send(engine, Wants { microphone: Some(number * 2), camera, ..Wants::default() })
    }

    /// Sends what it wants to.
    pub fn send(&mut self, engine: &mut Engine, wants: Wants) -> Result<(), Error> {
        let offer = self.pc.offer(Instant::now(), wants);
        let answer = engine.accept_offer(self.connection, &offer, &HashMap::new())?;
        self.pc.accept_answer(Instant::now(), &answer.sdp);
        for section in answer.receiving {
            let source = if section.kind == "video" { "camera" } else { "microphone" };
            let sid = format!("TR_{}", section.track_id);
            self.tracks.push(engine.publish(self.connection, &section.mid, &sid, source, None)?);
        }
        Ok(())
    }

    /// Gets these tracks.
    pub fn subscribe(&mut self, engine: &mut Engine, tracks: &[Handle]) -> Result<(), Error> {
        for track in tracks {
            engine.subscribe(self.connection, *track)?;
        }
        let offer = engine.create_offer(self.connection)?;
        let answer = self.pc.accept_offer(Instant::now(), &offer);
        engine.accept_answer(self.connection, &answer)?;
        Ok(())
    }

    /// It has another network: what it sends comes from another address from now on, without a word before.
    pub fn move_on(&mut self) {
        self.socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        self.socket.set_nonblocking(true).expect("a socket");
    }

    /// Moves its packets; `true` when it had any.
    pub fn turn(&mut self, server: SocketAddr) -> bool {
        let mut busy = false;
        let mut buffer = [0; 2048];
        while let Ok((n, from)) = self.socket.recv_from(&mut buffer) {
            busy = true;
            if self.only_counts && is_media(&buffer[..n]) {
                self.counted += 1;
                continue;
            }
            self.pc.receive(Instant::now(), from, &buffer[..n]);
        }
        let now = Instant::now();
        if self.pc.deadline() <= now {
            self.pc.tick(now);
        }
        while let Some(datagram) = self.pc.out.pop_front() {
            let _ = self.socket.send_to(&datagram, server);
            busy = true;
        }
        busy
    }
}

/// RTP, and not its reports (RFC 5761).
fn is_media(datagram: &[u8]) -> bool {
    matches!(datagram, [128..=191, kind, ..] if !(192..=223).contains(kind))
}
