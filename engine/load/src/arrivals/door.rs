//! How one gets in: by a token of LiveKit's that we sign ourselves.

use std::time::{SystemTime, UNIX_EPOCH};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::json;

/// A server that speaks LiveKit's protocol, and a key of its API.
#[derive(Clone, Debug)]
pub struct Door {
    pub url: String,
    pub key: String,
    pub secret: String,
}

/// What one person comes with.
#[derive(Clone, Debug)]
pub struct Pass {
    pub url: String,
    pub token: String,
    pub identity: String,
}

impl Door {
    /// For an hour.
    pub fn pass(&self, room: &str, identity: String) -> Pass {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs());
        let claims = json!({
            "iss": self.key, "sub": identity, "nbf": now - 5, "exp": now + 3600,
            "video": {"roomJoin": true, "room": room},
        });
        let key = EncodingKey::from_secret(self.secret.as_bytes());
        let token = encode(&Header::new(Algorithm::HS256), &claims, &key).expect("claims that can be signed");
        Pass { url: self.url.clone(), token, identity }
    }
}
