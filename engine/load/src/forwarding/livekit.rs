//! One person at a server that speaks LiveKit's protocol: a connection to send on, and one to receive on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use prost::Message as _;
use tokio::time::sleep_until;
use tokio_tungstenite::tungstenite::Message;

use super::pc::Pc;
use super::tally::Tally;
use super::{Options, Person, room_name};
use crate::dial::{Socket, dial};
use crate::signal::{self, Request, Response, SessionDescription, SignalRequest, SignalResponse, Trickle};

const PING_EVERY: Duration = Duration::from_secs(5);

/// Comes in, sends and receives until the program ends.
pub async fn attend(options: &Options, person: Person, tally: &Arc<Tally>) -> Result<(), String> {
    let identity = format!("person-{}", person.number);
    let token = signal::token(&options.key, &options.secret, &room_name(person.room), &identity);
    let url = options.url.replacen("http", "ws", 1);
    let socket = dial(&url, &signal::path_of_two(person.receives), Some(&token)).await?;
    let (sending, receiving) = (Pc::open(options.from, tally).await?, Pc::open(options.from, tally).await?);
    Seat { socket, sending, receiving, person }.stay(options).await
}

struct Seat {
    socket: Socket,
    sending: Pc,
    receiving: Pc,
    person: Person,
}

impl Seat {
    async fn stay(mut self, options: &Options) -> Result<(), String> {
        let begin = Instant::now();
        let mut ping = begin + PING_EVERY;
        loop {
            let due = self.sending.deadline().min(self.receiving.deadline()).min(ping);
            tokio::select! {
                message = self.socket.next() => match message {
                    Some(Ok(Message::Binary(frame))) => {
                        let response = SignalResponse::decode(frame).map_err(|e| e.to_string())?;
                        self.take(options, response).await?;
                    }
                    Some(Ok(_)) => {}
                    _ => return Err("the socket is gone".into()),
                },
                () = self.sending.readable() => {}
                () = self.receiving.readable() => {}
                () = sleep_until(due.into()) => {}
            }
            self.sending.turn()?;
            self.receiving.turn()?;
            if ping <= Instant::now() {
                ping = Instant::now() + PING_EVERY;
                self.send(Request::Ping(begin.elapsed().as_millis() as i64)).await?;
            }
        }
    }

    async fn take(&mut self, options: &Options, response: SignalResponse) -> Result<(), String> {
        match response.message {
            Some(Response::Join(_)) if self.person.sends.sends() => self.publish(options).await,
            Some(Response::Answer(answer)) => self.sending.accept_answer(&answer.sdp),
            Some(Response::Offer(offer)) => self.subscribe(&offer).await,
            Some(Response::Trickle(trickle)) => self.trickled(&trickle),
            Some(Response::Leave(leave)) => Err(format!("sent away for reason {}", leave.reason)),
            _ => Ok(()),
        }
    }

    async fn publish(&mut self, options: &Options) -> Result<(), String> {
        let name = |n: usize| format!("track-{}-{n}", self.person.number);
        for (n, is_picture) in self.person.sends.streams().enumerate() {
            let track = if is_picture { signal::camera(&name(n)) } else { signal::microphone(&name(n), false) };
            send(&mut self.socket, Request::AddTrack(track)).await?;
        }
        let sdp = self.sending.offer(options, self.person, name)?;
        self.send(Request::Offer(signal::offer(sdp, 1))).await
    }

    async fn subscribe(&mut self, offer: &SessionDescription) -> Result<(), String> {
        let answer = self.receiving.accept_offer(&offer.sdp)?;
        self.send(Request::Answer(signal::answer(answer, offer.id))).await
    }

    fn trickled(&mut self, trickle: &Trickle) -> Result<(), String> {
        let init: serde_json::Value = serde_json::from_str(&trickle.candidate).unwrap_or_default();
        let pc = if trickle.target == 1 { &mut self.receiving } else { &mut self.sending };
        init["candidate"].as_str().map_or(Ok(()), |candidate| pc.add_candidate(candidate))
    }

    async fn send(&mut self, request: Request) -> Result<(), String> {
        send(&mut self.socket, request).await
    }
}

async fn send(socket: &mut Socket, request: Request) -> Result<(), String> {
    let frame = SignalRequest { message: Some(request) }.encode_to_vec();
    socket.send(Message::binary(frame)).await.map_err(|e| e.to_string())
}
