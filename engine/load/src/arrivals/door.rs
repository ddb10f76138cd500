//! How one gets in: by a token of LiveKit's that we sign ourselves, or by a meeting's door and channel.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::participant::QUEUED;
use crate::dial::{Socket, dial, post};
use crate::signal::token;

/// 32 bytes in base64url: what a link would prove.
const ADMISSION: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Where one comes in.
#[derive(Clone, Debug)]
pub enum Door {
    /// Of a server that speaks LiveKit's protocol, with a key of its API.
    Rooms { url: String, key: String, secret: String },
    /// Of Folkmoot's meetings: their numbers.
    Meetings { url: String, numbers: Vec<String> },
}

/// What one person comes with.
#[derive(Clone, Debug)]
pub struct Pass {
    pub url: String,
    pub token: String,
    pub identity: String,
}

/// A meeting's channel, held open and read until it is dropped.
pub struct Channel(Option<AbortHandle>);

impl Drop for Channel {
    fn drop(&mut self) {
        if let Some(reader) = &self.0 {
            reader.abort();
        }
    }
}

impl Door {
    /// So many fresh meetings.
    pub async fn meetings(url: String, rooms: usize) -> Result<Self, String> {
        let mut numbers = Vec::with_capacity(rooms);
        for _ in 0..rooms {
            let made = post(&url, "/api/meetings", &json!({"admission": ADMISSION})).await?;
            numbers.push(made["number"].as_str().ok_or("a meeting without a number")?.to_owned());
        }
        Ok(Self::Meetings { url, numbers })
    }

    /// Waits for one's turn; `places` gets each place one is told.
    pub async fn pass(
        &self,
        floor: &str,
        room: usize,
        identity: String,
        places: &mut Vec<u64>,
    ) -> Result<(Pass, Channel), String> {
        match self {
            Self::Rooms { url, key, secret } => {
                let token = token(key, secret, &format!("{floor}-{room}"), &identity);
                Ok((Pass { url: url.clone(), token, identity }, Channel(None)))
            }
            Self::Meetings { url, numbers } => {
                let entering = enter(url, &numbers[room], identity, places);
                timeout(QUEUED, entering).await.map_err(|_| "not let in in time")?
            }
        }
    }
}

async fn enter(url: &str, number: &str, identity: String, places: &mut Vec<u64>) -> Result<(Pass, Channel), String> {
    let wanted = json!({"name": identity, "admission": ADMISSION});
    let ticket = post(url, &format!("/api/meetings/{number}/join"), &wanted).await?;
    let token = ticket["channel_token"].as_str().ok_or("a ticket without a token")?;
    let mut socket = dial(url, &format!("/api/meetings/{number}/channel?token={token}"), None).await?;
    socket.send(Message::text(r#"{"hello":{}}"#)).await.map_err(|e| e.to_string())?;
    let token = media_token(&mut socket, places).await?;
    let reading = tokio::spawn(async move { while let Some(Ok(_)) = socket.next().await {} });
    Ok((Pass { url: url.to_owned(), token, identity }, Channel(Some(reading.abort_handle()))))
}

async fn media_token(socket: &mut Socket, places: &mut Vec<u64>) -> Result<String, String> {
    while let Some(Ok(frame)) = socket.next().await {
        let Ok(text) = frame.to_text() else { continue };
        let told: Value = serde_json::from_str(text).unwrap_or_default();
        let batch = told.as_array().cloned().unwrap_or_else(|| vec![told]);
        for message in batch {
            places.extend(message["queued"]["place"].as_u64());
            if let Some(denied) = message["denied"]["code"].as_str() {
                return Err(format!("denied: {denied}"));
            }
            if let Some(token) = message["media"]["token"].as_str() {
                return Ok(token.to_owned());
            }
        }
    }
    Err("the channel is gone".into())
}
