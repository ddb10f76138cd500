//! Opening what one talks by: sockets for signals and channels, and one HTTP request.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const ASKED_TO_WAIT: u16 = 503;

/// A socket at `url` and `path`. Who is asked to come back later does, as SDKs do.
pub async fn dial(url: &str, path: &str, token: Option<&str>) -> Result<Socket, String> {
    loop {
        let mut request = format!("{url}{path}").into_client_request().map_err(|e| e.to_string())?;
        if let Some(token) = token {
            let bearer = format!("Bearer {token}").parse().map_err(|_| "a token that is no header")?;
            request.headers_mut().insert("authorization", bearer);
        }
        match connect_async(request).await {
            Ok((socket, _)) => return Ok(socket),
            Err(Error::Http(answer)) if answer.status() == ASKED_TO_WAIT => {
                let after = answer.headers().get("retry-after").and_then(|v| v.to_str().ok()?.parse().ok());
                sleep(Duration::from_secs(after.unwrap_or(1))).await;
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// A socket for a protocol of its own.
pub async fn dial_for(url: &str, path: &str, protocol: &'static str) -> Result<Socket, String> {
    let mut request = format!("{url}{path}").into_client_request().map_err(|e| e.to_string())?;
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(protocol));
    connect_async(request).await.map(|(socket, _)| socket).map_err(|e| e.to_string())
}

/// Posts JSON and gives back the JSON that answers; anything but success is an error.
pub async fn post(url: &str, path: &str, body: &serde_json::Value) -> Result<serde_json::Value, String> {
    let host = url.split("://").last().unwrap_or(url);
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut answer = String::new();
    let talk = async {
        let mut socket = TcpStream::connect(host).await?;
        socket.write_all(request.as_bytes()).await?;
        socket.read_to_string(&mut answer).await
    };
    talk.await.map_err(|e| e.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("an answer without an end")?;
    let status = head.lines().next().unwrap_or_default();
    if !status.contains(" 20") {
        return Err(format!("POST: {status}"));
    }
    serde_json::from_str(body).map_err(|e| e.to_string())
}
