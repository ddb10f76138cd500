use std::fmt;

/// A refusal: `code` is stable and for programs, `message` is a sentence for people. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Such as `engine.unknown_room`.
    pub code: &'static str,
    /// Such as “There is no such room.”
    pub message: String,
}

impl Error {
    /// A refusal with this code and sentence.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}

impl std::error::Error for Error {}

pub(crate) fn unknown(noun: &str) -> Error {
    let code = match noun {
        "room" => "engine.unknown_room",
        "peer" => "engine.unknown_peer",
        "connection" => "engine.unknown_connection",
        "track" => "engine.unknown_track",
        _ => "engine.unknown_subscription",
    };
    Error::new(code, format!("There is no such {noun}."))
}
