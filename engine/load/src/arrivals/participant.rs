//! One person from the click on Join to the end: the signal socket, its peer connections, the microphone. It counts as
//! arrived when the server has answered, every connection stands, and the track is published.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::time::{sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::door::{Door, Pass};
use super::hearing::Hearing;
use super::line::{FRAME, Line, described};
use super::sdp::{self, Microphone};
use crate::dial::{Socket, dial};
use crate::signal::{self, Request, Response, SessionDescription, SignalRequest, SignalResponse, Trickle};

/// How long a client of LiveKit's waits for each step before it gives up.
pub const PATIENCE: Duration = Duration::from_secs(15);
/// And how long one who knows its place in a queue waits.
pub const QUEUED: Duration = Duration::from_secs(60);

/// What one is like.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// One peer connection (`/rtc/v1`), or two (`/rtc`).
    pub single: bool,
    /// Speaks; else the microphone is muted.
    pub speaks: bool,
    /// Notes how it hears others.
    pub listens: bool,
}

/// How it went. Times are from the opening of the socket on.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    pub answered: Option<Duration>,
    pub connected: Option<Duration>,
    pub published: Option<Duration>,
    /// The first packet of somebody else's, where one listens.
    pub first_packet: Option<Duration>,
    /// Why it isn't in, or is no more.
    pub failure: Option<String>,
    pub heard: Hearing,
    /// The places in the queue that one was told.
    pub places: Vec<u64>,
}

impl Outcome {
    /// Whether one is in.
    pub fn arrived(&self) -> bool {
        self.answered.is_some() && self.connected.is_some() && self.published.is_some()
    }
}

/// When one leaves, and whom one tells that it is in.
#[derive(Clone, Debug)]
pub struct Bells {
    pub over: watch::Receiver<bool>,
    /// One word each: in, or never.
    pub settled: UnboundedSender<()>,
}

/// Comes in, stays until it is over, and says how it went.
pub async fn attend(
    door: &Door,
    floor: &str,
    room: usize,
    identity: String,
    manner: Manner,
    mut bells: Bells,
) -> Outcome {
    let mut outcome = Outcome::default();
    let stay = async {
        let begin = Instant::now();
        let (pass, _channel) = door.pass(floor, room, identity, &mut outcome.places).await?;
        let mut stay = Stay::begin(begin, &pass, manner).await?;
        stay.run(&mut outcome, &mut bells).await
    };
    if let Err(why) = stay.await {
        outcome.failure = Some(why);
    }
    if !outcome.arrived() {
        let _ = bells.settled.send(());
    }
    outcome
}

struct Stay {
    begin: Instant,
    opened: Instant,
    socket: Socket,
    /// The only one, or the one we send on.
    first: Line,
    /// The one we hear on, where there are two.
    second: Option<Line>,
    manner: Manner,
    cid: String,
    ssrc: u32,
    offers: u32,
    places: u32,
    ping: Duration,
}

impl Stay {
    async fn begin(begin: Instant, pass: &Pass, manner: Manner) -> Result<Self, String> {
        let cid = format!("microphone-{}", pass.identity);
        let mut first = open(manner.listens && manner.single).await?;
        let ssrc = first.microphone();
        let second = if manner.single { None } else { Some(open(manner.listens).await?) };
        let path = if manner.single {
            let offer = sdp::offer(&first.local(), 1, &Microphone { cid: cid.clone(), ssrc }, 0);
            signal::path_of_one(signal::microphone(&cid, !manner.speaks), signal::offer(offer, 1))
        } else {
            signal::path_of_two(true)
        };
        let socket = timeout(PATIENCE, dial(&pass.url, &path, Some(&pass.token)));
        let socket = socket.await.map_err(|_| "no socket in time")??;
        let ping = PATIENCE;
        Ok(Self { begin, opened: Instant::now(), socket, first, second, manner, cid, ssrc, offers: 1, places: 0, ping })
    }

    async fn run(&mut self, outcome: &mut Outcome, bells: &mut Bells) -> Result<(), String> {
        let mut next_ping = Instant::now() + PATIENCE;
        let mut next_word: Option<Instant> = None;
        loop {
            let waits = (!outcome.arrived()).then_some(self.opened + PATIENCE);
            let due = [Some(self.first.deadline()), self.second.as_ref().map(Line::deadline), waits, next_word]
                .into_iter()
                .flatten()
                .fold(next_ping, Instant::min);
            tokio::select! {
                message = self.socket.next() => self.take(message, outcome).await?,
                () = self.first.readable() => {}
                () = readable(self.second.as_ref()) => {}
                () = sleep_until(due.into()) => {}
                _ = bells.over.changed() => return self.leave(outcome).await,
            }
            for line in [&mut self.first].into_iter().chain(&mut self.second) {
                line.turn().map_err(|e| e.to_string())?;
            }
            let now = Instant::now();
            self.note(outcome);
            if waits.is_some() && outcome.arrived() {
                let _ = bells.settled.send(());
            } else if waits.is_some_and(|at| at <= now) {
                return Err(missing(outcome).into());
            }
            if next_ping <= now || (next_ping > now + self.ping) {
                self.send(Request::Ping(now.duration_since(self.begin).as_millis() as i64)).await?;
                next_ping = now + self.ping;
            }
            if self.manner.speaks && outcome.arrived() {
                next_word = Some(self.speak(next_word.unwrap_or(now), now)?);
            }
        }
    }

    fn note(&self, outcome: &mut Outcome) {
        let stands = [&self.first].into_iter().chain(&self.second).all(|line| line.connected);
        if stands && outcome.connected.is_none() {
            outcome.connected = Some(self.begin.elapsed());
        }
        if outcome.first_packet.is_none() && self.hearing().next().is_some() {
            outcome.first_packet = Some(self.begin.elapsed());
        }
    }

    /// The voices that come.
    fn hearing(&self) -> impl Iterator<Item = &Hearing> {
        let lines = [&self.first].into_iter().chain(&self.second);
        lines.filter_map(|line| line.hearing.as_ref()).flat_map(HashMap::values)
    }

    async fn take(
        &mut self,
        message: Option<Result<Message, tokio_tungstenite::tungstenite::Error>>,
        outcome: &mut Outcome,
    ) -> Result<(), String> {
        let frame = match message {
            Some(Ok(Message::Binary(frame))) => frame,
            Some(Ok(Message::Close(frame))) => return Err(format!("closed: {:?}", frame.map(|f| f.code))),
            Some(Ok(_)) => return Ok(()),
            Some(Err(error)) => return Err(error.to_string()),
            None => return Err("the socket is gone".into()),
        };
        let response = SignalResponse::decode(frame).map_err(|e| e.to_string())?;
        match response.message {
            Some(Response::Join(join)) => {
                outcome.answered = Some(self.begin.elapsed());
                self.ping = Duration::from_secs(join.ping_interval.max(1) as u64);
                self.joined().await
            }
            Some(Response::Answer(answer)) => self.first.set_remote(&described(&answer.sdp)?),
            Some(Response::Offer(offer)) => self.offered(&offer).await,
            Some(Response::Trickle(trickle)) => {
                self.trickled(&trickle);
                Ok(())
            }
            Some(Response::TrackPublished(_)) => {
                outcome.published = Some(self.begin.elapsed());
                Ok(())
            }
            Some(Response::Leave(leave)) => Err(format!("sent away for reason {}", leave.reason)),
            Some(Response::Sections(sections)) => self.make_room(sections.audio).await,
            None => Ok(()),
        }
    }

    /// With one connection the track and the offer went with the first request.
    async fn joined(&mut self) -> Result<(), String> {
        if self.manner.single {
            return Ok(());
        }
        let track = signal::microphone(&self.cid, !self.manner.speaks);
        self.send(Request::AddTrack(track)).await?;
        self.offer().await
    }

    async fn offer(&mut self) -> Result<(), String> {
        let microphone = Microphone { cid: self.cid.clone(), ssrc: self.ssrc };
        let sdp = sdp::offer(&self.first.local(), self.offers, &microphone, self.places);
        self.send(Request::Offer(signal::offer(sdp, self.offers))).await
    }

    async fn make_room(&mut self, places: u32) -> Result<(), String> {
        self.places += places;
        self.offers += 1;
        self.offer().await
    }

    async fn offered(&mut self, offer: &SessionDescription) -> Result<(), String> {
        let line = self.second.as_mut().ok_or("an offer to one who offers")?;
        let answer = sdp::answer(&line.local(), offer.id, &offer.sdp);
        line.set_remote(&described(&offer.sdp)?)?;
        self.send(Request::Answer(signal::answer(answer, offer.id))).await
    }

    fn trickled(&mut self, trickle: &Trickle) {
        let line = if trickle.target == 1 { self.second.as_mut() } else { Some(&mut self.first) };
        let init: serde_json::Value = serde_json::from_str(&trickle.candidate).unwrap_or_default();
        if let (Some(line), Some(candidate)) = (line, init["candidate"].as_str()) {
            line.add_candidate(candidate);
        }
    }

    fn speak(&mut self, mut due: Instant, now: Instant) -> Result<Instant, String> {
        while due <= now {
            self.first.speak().map_err(|e| e.to_string())?;
            due += FRAME;
        }
        Ok(due)
    }

    async fn leave(&mut self, outcome: &mut Outcome) -> Result<(), String> {
        let now = Instant::now();
        outcome.heard = self.hearing().fold(Hearing::default(), |all, one| all.and(one.until(now)));
        if !outcome.arrived() {
            return Err(format!("over: {}", missing(outcome)));
        }
        self.send(Request::Leave(signal::Empty {})).await?;
        let _ = timeout(Duration::from_secs(1), self.socket.close(None)).await;
        Ok(())
    }

    async fn send(&mut self, request: Request) -> Result<(), String> {
        let frame = SignalRequest { message: Some(request) }.encode_to_vec();
        self.socket.send(Message::binary(frame)).await.map_err(|e| e.to_string())
    }
}

fn missing(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome { answered: None, .. } => "no answer in time",
        Outcome { connected: None, .. } => "no connection in time",
        _ => "no track in time",
    }
}

async fn open(listens: bool) -> Result<Line, String> {
    let mut line = Line::open().await.map_err(|e| e.to_string())?;
    line.hearing = listens.then(Default::default);
    Ok(line)
}

async fn readable(line: Option<&Line>) {
    match line {
        Some(line) => line.readable().await,
        None => std::future::pending().await,
    }
}
