//! A client with a socket of its own beside an engine with its real ones: str0m, driven by turns.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Instant;

use folkmoot_node::{Engine, Error, Handle, Role};
use folkmoot_sim::pc::{Pc, Wants};

/// See the module.
pub struct Client {
    /// Its side.
    pub pc: Pc,
    socket: UdpSocket,
    line: Option<Line>,
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
        Ok(Self { pc, socket, line: None, peer, connection, tracks: Vec::new(), only_counts: false, counted: 0 })
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

    /// No datagram of its network reaches the server: all goes by a TCP connection to that port, from now on.
    pub fn use_tcp(&mut self, port: u16) {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("a connection");
        stream.set_nonblocking(true).expect("a socket");
        self.line = Some(Line { stream, came: Vec::new(), goes: Vec::new() });
    }

    /// Moves its packets; `true` when it had any.
    pub fn turn(&mut self, server: SocketAddr) -> bool {
        if let Some(line) = &mut self.line {
            return line.turn(&mut self.pc, server);
        }
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

/// Datagrams over TCP, each behind its length (RFC 4571).
struct Line {
    stream: TcpStream,
    came: Vec<u8>,
    goes: Vec<u8>,
}

impl Line {
    fn turn(&mut self, pc: &mut Pc, server: SocketAddr) -> bool {
        let mut buffer = [0; 16_384];
        let mut busy = false;
        while let Some(n) = now_or_later(self.stream.read(&mut buffer)).filter(|n| *n > 0) {
            busy = true;
            self.came.extend_from_slice(&buffer[..n]);
        }
        while let Some((length, rest)) = self.came.split_first_chunk()
            && let Some(datagram) = rest.get(..usize::from(u16::from_be_bytes(*length)))
        {
            pc.receive(Instant::now(), server, datagram);
            self.came.drain(..2 + datagram.len());
        }
        let now = Instant::now();
        if pc.deadline() <= now {
            pc.tick(now);
        }
        while let Some(datagram) = pc.out.pop_front() {
            self.goes.extend((datagram.len() as u16).to_be_bytes());
            self.goes.extend(datagram);
        }
        while !self.goes.is_empty()
            && let Some(n) = now_or_later(self.stream.write(&self.goes))
        {
            busy = true;
            self.goes.drain(..n);
        }
        busy
    }
}

fn now_or_later(done: std::io::Result<usize>) -> Option<usize> {
    match done {
        Ok(n) => Some(n),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => None,
        Err(error) => panic!("the connection broke: {error}"),
    }
}

/// RTP, and not its reports (RFC 5761).
fn is_media(datagram: &[u8]) -> bool {
    matches!(datagram, [128..=191, kind, ..] if !(192..=223).contains(kind))
}
