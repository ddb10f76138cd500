use bytes::Bytes;

use crate::path::Path;

/// What to do.
#[derive(Clone, Debug)]
pub enum ControlOutput {
    /// Send a datagram.
    Transmit {
        /// Where to.
        to: Path,
        /// What.
        bytes: Vec<u8>,
    },
    /// Something happened.
    Event(ControlEvent),
}

/// What happened.
#[derive(Clone, Debug)]
pub enum ControlEvent {
    /// The client wants to be sent to here from now on.
    Selected(Path),
    /// The selected path is no more; until the client checks another there is none.
    Unselected,
    /// An authenticated path of the client: its packets belong to this connection. Told with every check from there.
    Source(Path),
    /// Keys for media, once, before `Connected`.
    Keys(folkmoot_srtp::Keys),
    /// DTLS is through and the certificate is the announced one.
    Connected,
    /// A data channel is open.
    ChannelOpen {
        /// Its stream.
        id: u16,
        /// Its label.
        label: String,
        /// Messages arrive in order.
        ordered: bool,
        /// Messages arrive.
        reliable: bool,
    },
    /// A message came.
    Message {
        /// On which channel.
        id: u16,
        /// Bytes, not text.
        binary: bool,
        /// What.
        data: Bytes,
    },
    /// A channel is closed.
    ChannelClosed {
        /// Which.
        id: u16,
    },
    /// Nothing has been heard of the client for 15 s. It may come back, by an ICE restart or by itself.
    Disconnected,
    /// The end.
    Closed(CloseReason),
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseReason {
    /// We closed it.
    Local,
    /// The client closed it.
    Remote,
    /// The client's certificate was not the one its description announced.
    WrongFingerprint,
    /// DTLS failed.
    Dtls,
    /// No protection of media was agreed on.
    NoSrtpProfile,
}

/// Why a message was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendError {
    /// There is no such open channel.
    NoChannel,
    /// Too much is waiting already.
    Full,
    /// Longer than the client or we take.
    TooLong,
}
