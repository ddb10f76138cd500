//! Data channels: SCTP (RFC 9260) over DTLS, opened in band.
//!
//! The client starts the association. What waits to be sent is bounded per channel and in sum; a channel that was not
//! opened is not read.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use sctp_proto::{
    Association, AssociationHandle, DatagramEvent, Endpoint, EndpointConfig, Event, Payload,
    PayloadProtocolIdentifier as Ppid, ReliabilityType, ServerConfig, StreamEvent, TransportConfig,
};

use crate::dcep::{self, Message, Open};
use crate::event::{ControlEvent, ControlOutput, SendError};
use crate::pieces::Pieces;

/// The longest message, either way.
pub(crate) const MESSAGE_MAX: usize = 256 * 1024;
const CHANNELS_MAX: usize = 64;
/// Stream ids; browsers start at 0 or 1 and count by two.
const STREAMS_MAX: u16 = 1024;
/// A lossy channel that is this far behind helps nobody by sending more.
const LOSSY_WAITING_MAX: usize = 256 * 1024;
const RELIABLE_WAITING_MAX: usize = 1024 * 1024;
const WAITING_MAX: usize = 4 * 1024 * 1024;
/// SCTP wants an address; under DTLS it means nothing.
const THERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2)), 5000);

/// A data channel to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelSpec {
    /// Its label, at most 256 bytes.
    pub label: String,
    /// Ordered and reliable; otherwise unordered and never sent twice.
    pub reliable: bool,
}

impl ChannelSpec {
    /// What clients expect to be opened on a subscriber's connection.
    pub fn livekit() -> Vec<Self> {
        let spec = |label: &str, reliable| Self { label: label.to_owned(), reliable };
        vec![spec("_reliable", true), spec("_lossy", false), spec("_data_track", false)]
    }
}

pub(crate) struct Channels {
    endpoint: Endpoint,
    association: Option<(AssociationHandle, Association)>,
    known: BTreeMap<u16, Channel>,
    to_open: Vec<ChannelSpec>,
    pieces: Pieces,
    /// Too much waits of what has not come whole.
    cut: bool,
    remote_max: usize,
}

struct Channel {
    open: Open,
    acknowledged: bool,
}

impl Channels {
    pub(crate) fn new(to_open: Vec<ChannelSpec>) -> Self {
        Self {
            endpoint: endpoint(),
            association: None,
            known: BTreeMap::new(),
            to_open,
            pieces: Pieces::default(),
            cut: false,
            remote_max: MESSAGE_MAX,
        }
    }

    /// The client's `a=max-message-size`; 0 means any.
    pub(crate) fn set_remote_max(&mut self, bytes: u32) {
        self.remote_max = match bytes as usize {
            0 => MESSAGE_MAX,
            max => max.min(MESSAGE_MAX),
        };
        if let Some((_, association)) = &mut self.association {
            association.set_max_send_message_size(self.remote_max as u32);
        }
    }

    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.association.as_ref().and_then(|(_, a)| a.poll_timeout())
    }

    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if let Some((_, association)) = &mut self.association {
            association.handle_timeout(now);
        }
    }

    /// A packet out of DTLS.
    pub(crate) fn handle(&mut self, now: Instant, packet: Bytes) {
        if !self.pieces.take(now, &packet) {
            self.cut = true;
            return;
        }
        match self.endpoint.handle(now, THERE, None, None, packet) {
            Some((handle, DatagramEvent::NewAssociation(association))) => {
                self.endpoint.reject_new_associations(); // one client, one association: more would be a flood
                self.association = Some((handle, association));
            }
            Some((_, DatagramEvent::AssociationEvent(event))) => {
                if let Some((_, association)) = &mut self.association {
                    association.handle_event(event);
                }
            }
            None => {}
        }
    }

    pub(crate) fn send(&mut self, id: u16, binary: bool, data: &[u8]) -> Result<(), SendError> {
        let Some(channel) = self.known.get(&id) else { return Err(SendError::NoChannel) };
        if data.len() > self.remote_max {
            return Err(SendError::TooLong);
        }
        let bound = if channel.open.reliability == ReliabilityType::Reliable {
            RELIABLE_WAITING_MAX
        } else {
            LOSSY_WAITING_MAX
        };
        let Some((_, association)) = &mut self.association else { return Err(SendError::NoChannel) };
        let mut all = 0;
        for other in self.known.keys() {
            all += association.stream(*other).and_then(|s| s.buffered_amount()).unwrap_or(0);
        }
        let mut stream = association.stream(id).map_err(|_| SendError::NoChannel)?;
        let waiting = stream.buffered_amount().unwrap_or(0);
        // A single message is always let in, however long, when nothing else waits.
        if waiting > 0 && (waiting + data.len() > bound || all + data.len() > WAITING_MAX) {
            return Err(SendError::Full);
        }
        // SCTP carries no empty messages: one zero byte under another name stands for them (RFC 8831 §6.6).
        let (ppid, data) = match (binary, data.is_empty()) {
            (true, false) => (Ppid::Binary, data),
            (false, false) => (Ppid::String, data),
            (true, true) => (Ppid::BinaryEmpty, &[0][..]),
            (false, true) => (Ppid::StringEmpty, &[0][..]),
        };
        stream.write_with_ppi(data, ppid).map(|_| ()).map_err(|_| SendError::NoChannel)
    }

    /// What happened goes to `out`, packets for DTLS to `packets`.
    pub(crate) fn poll(&mut self, now: Instant, out: &mut VecDeque<ControlOutput>, packets: &mut Vec<Bytes>) {
        let mut lost = std::mem::take(&mut self.cut);
        if let Some((handle, association)) = &mut self.association {
            while let Some(event) = association.poll_endpoint_event() {
                if let Some(event) = self.endpoint.handle_event(*handle, event) {
                    association.handle_event(event);
                }
            }
            while let Some(event) = association.poll() {
                match event {
                    Event::Connected => {
                        association.set_max_send_message_size(self.remote_max as u32);
                        open(association, &mut self.known, std::mem::take(&mut self.to_open));
                    }
                    Event::Stream(StreamEvent::Readable { id }) => {
                        read(association, &mut self.known, &mut self.pieces, id, out);
                    }
                    Event::Stream(StreamEvent::Finished { id }) => {
                        if let Ok(mut stream) = association.stream(id) {
                            let _ = stream.close();
                        }
                        if self.known.remove(&id).is_some() {
                            out.push_back(ControlOutput::Event(ControlEvent::ChannelClosed { id }));
                        }
                    }
                    Event::AssociationLost { reason } | Event::HandshakeFailed { reason } => {
                        tracing::debug!(%reason, "data channels lost");
                        lost = true;
                    }
                    _ => {}
                }
            }
            while let Some(transmit) = association.poll_transmit(now) {
                push(transmit.payload, packets);
            }
        }
        while let Some(transmit) = self.endpoint.poll_transmit() {
            push(transmit.payload, packets);
        }
        if lost {
            for id in std::mem::take(&mut self.known).into_keys() {
                out.push_back(ControlOutput::Event(ControlEvent::ChannelClosed { id }));
            }
            self.association = None;
            self.pieces = Pieces::default();
            self.endpoint = endpoint(); // the client may associate anew
        }
    }
}

fn endpoint() -> Endpoint {
    let transport = TransportConfig::default()
        // RFC 4960's three seconds would keep a channel shut for many seconds on a lossy network.
        .with_rto_initial_ms(500)
        .with_rto_min_ms(200)
        .with_rto_max_ms(5_000)
        .with_max_init_retransmits(None)
        .with_max_receive_message_size(MESSAGE_MAX as u32)
        .with_max_num_inbound_streams(STREAMS_MAX)
        .with_max_num_outbound_streams(STREAMS_MAX);
    let mut server = ServerConfig::new();
    server.transport = Arc::new(transport);
    // Room for the payload of one DTLS record of 1200 bytes, its own header and tag off.
    let mut config = EndpointConfig::new();
    config.max_payload_size(1120);
    Endpoint::new(Arc::new(config), Some(Arc::new(server)))
}

fn push(payload: Payload, packets: &mut Vec<Bytes>) {
    if let Payload::RawEncode(mut raw) = payload {
        packets.append(&mut raw);
    }
}

/// Channels of our own. We are the DTLS server, so our ids are the odd ones (RFC 8832 §6).
fn open(association: &mut Association, channels: &mut BTreeMap<u16, Channel>, specs: Vec<ChannelSpec>) {
    for spec in specs {
        let Some(id) = (1..STREAMS_MAX).step_by(2).find(|id| !channels.contains_key(id)) else { return };
        let reliability = if spec.reliable { ReliabilityType::Reliable } else { ReliabilityType::Rexmit };
        let open = Open { label: spec.label, ordered: spec.reliable, reliability, value: 0 };
        // The request itself goes in order and reliably; the channel's own rules hold from the acknowledgement on.
        if let Ok(mut stream) = association.open_stream(id, Ppid::Binary)
            && stream.write_with_ppi(&open.write(), Ppid::Dcep).is_ok()
        {
            channels.insert(id, Channel { open, acknowledged: false });
        }
    }
}

fn read(
    association: &mut Association,
    channels: &mut BTreeMap<u16, Channel>,
    pieces: &mut Pieces,
    id: u16,
    out: &mut VecDeque<ControlOutput>,
) {
    while let Ok(mut stream) = association.stream(id) {
        let Ok(Some(chunks)) = stream.read() else { return };
        pieces.read(chunks.chunks.len());
        let mut bytes = vec![0; chunks.len()];
        let Ok(len) = chunks.read(&mut bytes) else { return };
        bytes.truncate(len);
        match chunks.ppi {
            Ppid::Dcep => match Message::parse(&bytes) {
                Some(Message::Open(open)) => {
                    if channels.contains_key(&id) {
                        continue;
                    }
                    if channels.len() >= CHANNELS_MAX {
                        let _ = stream.close();
                        return;
                    }
                    // Before the acknowledgement: it is the first message that goes by the channel's rules.
                    let _ = stream.set_reliability_params(!open.ordered, open.reliability, open.value);
                    let _ = stream.write_with_ppi(&dcep::ack(), Ppid::Dcep);
                    out.push_back(opened(id, &open));
                    channels.insert(id, Channel { open, acknowledged: true });
                }
                Some(Message::Ack) => {
                    if let Some(channel) = channels.get_mut(&id).filter(|c| !c.acknowledged) {
                        channel.acknowledged = true;
                        let open = &channel.open;
                        let _ = stream.set_reliability_params(!open.ordered, open.reliability, open.value);
                        out.push_back(opened(id, open));
                    }
                }
                None => {
                    let _ = stream.close();
                    return;
                }
            },
            _ if !channels.contains_key(&id) => {
                let _ = stream.close();
                return;
            }
            ppid => {
                let binary = matches!(ppid, Ppid::Binary | Ppid::BinaryEmpty);
                if matches!(ppid, Ppid::StringEmpty | Ppid::BinaryEmpty) {
                    bytes.clear();
                }
                out.push_back(ControlOutput::Event(ControlEvent::Message { id, binary, data: bytes.into() }));
            }
        }
    }
}

fn opened(id: u16, open: &Open) -> ControlOutput {
    ControlOutput::Event(ControlEvent::ChannelOpen {
        id,
        label: open.label.clone(),
        ordered: open.ordered,
        reliable: open.reliability == ReliabilityType::Reliable,
    })
}

#[cfg(test)]
mod tests {
    use sctp_proto::ClientConfig;

    use super::*;

    #[test]
    fn of_many_requests_for_an_association_one_is_granted() {
        let now = Instant::now();
        let mut channels = Channels::new(Vec::new());
        let mut packets = Vec::new();
        for _ in 0..1000 {
            let mut client = Endpoint::new(Arc::new(EndpointConfig::new()), None);
            let config = ClientConfig::new();
            let (_, mut association) = client.connect(config, THERE).expect("a client");
            let mut requests = Vec::new();
            while let Some(transmit) = association.poll_transmit(now) {
                push(transmit.payload, &mut requests);
            }
            for request in requests {
                channels.handle(now, request);
            }
            channels.poll(now, &mut VecDeque::new(), &mut packets);
        }
        assert_eq!(packets.len(), 1, "one INIT-ACK");
    }
}
