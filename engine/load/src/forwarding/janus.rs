//! One person at Janus's video room, by its WebSocket API.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::{sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use super::pc::Pc;
use super::tally::Tally;
use super::{Options, Person};
use crate::dial::{Socket, dial_for};

const PATIENCE: Duration = Duration::from_secs(15);
const AGAIN: Duration = Duration::from_millis(500);
const ALIVE_EVERY: Duration = Duration::from_secs(20);

/// Comes in, sends and receives until the program ends.
pub async fn attend(options: &Options, person: Person, tally: &Arc<Tally>) -> Result<(), String> {
    if !person.sends.sends() {
        let (seat, pc) = receive(options, person, tally).await?;
        return seat.stay(pc).await;
    }
    let (seat, pc) = publish(options, person, tally).await?;
    if !person.receives {
        return seat.stay(pc).await;
    }
    let hearing = async {
        let (other, receiving) = receive(options, person, tally).await?;
        other.stay(receiving).await
    };
    tokio::try_join!(seat.stay(pc), hearing).map(|_| ())
}

async fn publish(options: &Options, person: Person, tally: &Arc<Tally>) -> Result<(Seat, Pc), String> {
    let (room, id) = (person.room + 1, person.number + 1);
    let mut seat = Seat::open(options).await?;
    let mut pc = Pc::open(options.from, tally).await?;
    if person.number == 0 {
        let most =
            json!({"request": "create", "room": room, "publishers": 1000, "bitrate": 20_000_000, "videocodec": "vp8"});
        seat.ask(most, None).await?;
    }
    seat.ask(json!({"request": "join", "ptype": "publisher", "room": room, "id": id}), None).await?;
    let offer = pc.offer(options, person, |n| format!("track-{n}"))?;
    let answer = seat.ask(json!({"request": "publish"}), Some(("offer", offer))).await?;
    pc.accept_answer(description(&answer)?)?;
    Ok((seat, pc))
}

async fn receive(options: &Options, person: Person, tally: &Arc<Tally>) -> Result<(Seat, Pc), String> {
    let mut seat = Seat::open(options).await?;
    let mut pc = Pc::open(options.from, tally).await?;
    let senders = options.mesh.unwrap_or(options.senders);
    let feeds: Vec<Value> = (0..senders)
        .filter(|n| !person.receives || person.sends.pictures == 0 || *n != person.number)
        .map(|n| json!({"feed": n + 1}))
        .collect();
    let join = json!({"request": "join", "ptype": "subscriber", "room": person.room + 1, "streams": feeds});
    let begin = Instant::now();
    let offer = loop {
        match seat.ask(join.clone(), None).await {
            // They who come at once aren't all there yet.
            Err(why) if why.contains("feed") && begin.elapsed() < PATIENCE => sleep(AGAIN).await,
            offer => break offer?,
        }
    };
    let answer = pc.accept_offer(description(&offer)?)?;
    seat.ask(json!({"request": "start"}), Some(("answer", answer))).await?;
    Ok((seat, pc))
}

/// A session with its one handle.
struct Seat {
    socket: Socket,
    session: Option<u64>,
    handle: Option<u64>,
}

impl Seat {
    async fn open(options: &Options) -> Result<Self, String> {
        let socket = dial_for(&options.url, "/", "janus-protocol").await?;
        let mut seat = Self { socket, session: None, handle: None };
        seat.session = seat.call(json!({"janus": "create"})).await?["data"]["id"].as_u64();
        let attach = json!({"janus": "attach", "plugin": "janus.plugin.videoroom"});
        seat.handle = seat.call(attach).await?["data"]["id"].as_u64();
        Ok(seat)
    }

    async fn ask(&mut self, body: Value, description: Option<(&str, String)>) -> Result<Value, String> {
        let mut message = json!({"janus": "message", "body": body});
        if let Some((kind, sdp)) = description {
            message["jsep"] = json!({"type": kind, "sdp": sdp});
        }
        let reply = self.call(message).await?;
        match reply["plugindata"]["data"]["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(reply),
        }
    }

    /// Sends a request and waits for what answers it, which an acknowledgement does not.
    async fn call(&mut self, message: Value) -> Result<Value, String> {
        let transaction = self.send(message).await?;
        let answered = async {
            while let Some(Ok(frame)) = self.socket.next().await {
                let Ok(text) = frame.to_text() else { continue };
                let told: Value = serde_json::from_str(text).unwrap_or_default();
                if told["transaction"] == transaction && told["janus"] != "ack" {
                    return Ok(told);
                }
            }
            Err("the socket is gone".to_owned())
        };
        let told = timeout(PATIENCE, answered).await.map_err(|_| "no answer in time")??;
        if told["janus"] == "error" { Err(told["error"].to_string()) } else { Ok(told) }
    }

    async fn send(&mut self, mut message: Value) -> Result<String, String> {
        static LAST: AtomicU64 = AtomicU64::new(0);
        let transaction = LAST.fetch_add(1, Relaxed).to_string();
        message["transaction"] = json!(transaction);
        for (name, id) in [("session_id", self.session), ("handle_id", self.handle)] {
            if let Some(id) = id {
                message[name] = json!(id);
            }
        }
        self.socket.send(Message::text(message.to_string())).await.map_err(|e| e.to_string())?;
        Ok(transaction)
    }

    async fn stay(mut self, mut pc: Pc) -> Result<(), String> {
        let mut alive = Instant::now() + ALIVE_EVERY;
        loop {
            tokio::select! {
                message = self.socket.next() => if !matches!(message, Some(Ok(_))) {
                    return Err("the socket is gone".into());
                },
                () = pc.readable() => {}
                () = sleep_until(pc.deadline().min(alive).into()) => {}
            }
            pc.turn()?;
            if alive <= Instant::now() {
                alive = Instant::now() + ALIVE_EVERY;
                self.send(json!({"janus": "keepalive"})).await?;
            }
        }
    }
}

fn description(reply: &Value) -> Result<&str, String> {
    reply["jsep"]["sdp"].as_str().ok_or_else(|| format!("no description in {reply}"))
}
