#![no_main]
//! SCTP and data channels behind DTLS: an honest client's packets, bent, with their checksums right again, and noise.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use folkmoot_fuzz::{Plan, bend, checksum};
use folkmoot_peer::fuzzing::Channels;
use libfuzzer_sys::fuzz_target;
use sctp_proto::{
    Association, AssociationHandle, ClientConfig, DatagramEvent, Endpoint, EndpointConfig, Payload,
    PayloadProtocolIdentifier as Ppid,
};

struct Client {
    endpoint: Endpoint,
    handle: AssociationHandle,
    association: Association,
}

impl Client {
    fn new(there: SocketAddr) -> Self {
        let mut endpoint = Endpoint::new(Arc::new(EndpointConfig::new()), None);
        let (handle, association) = endpoint.connect(ClientConfig::new(), there).expect("a client");
        Self { endpoint, handle, association }
    }

    fn take(&mut self, now: Instant, there: SocketAddr, packet: Bytes) {
        if let Some((_, DatagramEvent::AssociationEvent(event))) = self.endpoint.handle(now, there, None, None, packet)
        {
            self.association.handle_event(event);
        }
    }

    fn packets(&mut self, now: Instant) -> Vec<Vec<u8>> {
        while let Some(event) = self.association.poll_endpoint_event() {
            if let Some(event) = self.endpoint.handle_event(self.handle, event) {
                self.association.handle_event(event);
            }
        }
        while self.association.poll().is_some() {}
        let mut out = Vec::new();
        while let Some(transmit) = self.association.poll_transmit(now) {
            if let Payload::RawEncode(raw) = transmit.payload {
                out.extend(raw.into_iter().map(|bytes| bytes.to_vec()));
            }
        }
        out
    }
}

fuzz_target!(|input: &[u8]| {
    let there: SocketAddr = ([192, 0, 2, 2], 5000).into();
    let mut plan = Plan(input);
    let mut now = Instant::now();
    let mut server = Channels::default();
    let mut client = Client::new(there);
    let mut taken = 0;
    let mut last = Vec::new();
    while !plan.is_over() {
        let mut sent = Vec::new();
        match plan.byte() % 8 {
            0 => {
                now += Duration::from_millis(u64::from(plan.byte()) * 10);
                client.association.handle_timeout(now);
                sent = server.handle_timeout(now).0;
            }
            1 => {
                let (stream, ppid) = (u16::from(plan.byte() % 8), plan.byte());
                if client.association.stream(stream).is_err() {
                    let _ = client.association.open_stream(stream, Ppid::Binary);
                }
                if let Ok(mut stream) = client.association.stream(stream) {
                    let ppid = if ppid & 1 == 0 { Ppid::Dcep } else { Ppid::from(u32::from(ppid)) };
                    let _ = stream.write_with_ppi(plan.bytes(), ppid);
                }
            }
            2 => sent = server.send(now, u16::from(plan.byte() % 8), plan.bytes()),
            3 => {
                // Chunks of our own making, under the association's own ports and tag.
                let mut packet: Vec<u8> = last.get(..12).unwrap_or_default().to_vec();
                packet.extend(plan.bytes());
                checksum(&mut packet);
                taken += packet.len();
                sent = server.handle(now, packet.into()).0;
            }
            _ => {
                for mut packet in client.packets(now) {
                    last.clone_from(&packet);
                    bend(&mut plan, &mut packet);
                    checksum(&mut packet);
                    taken += packet.len();
                    let (packets, told) = server.handle(now, packet.into());
                    assert!(told <= 64 + taken, "{told} things were told of {taken} bytes");
                    sent.extend(packets);
                }
            }
        }
        assert!(sent.len() <= 4096, "{} packets at once", sent.len());
        for packet in sent {
            client.take(now, there, packet);
        }
    }
});
