#![no_main]
//! One connection from outside: a client's STUN and DTLS, bent; then whatever it likes inside DTLS; and strangers.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use dimpl::{Dtls, DtlsCertificate, Output};
use folkmoot_fuzz::{Plan, bend, checksum, honest, stun};
use folkmoot_peer::{ChannelSpec, ControlConfig, ControlEvent, ControlOutput, ControlPeer, Identity, stun_local_ufrag};
use folkmoot_sdp::{IceCreds, NegotiatedSession, Sctp};
use libfuzzer_sys::fuzz_target;

const PASSWORD: &str = "abcdefghijklmnopqrstuvwx";

static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("a certificate")));
static CERTIFICATE: LazyLock<DtlsCertificate> =
    LazyLock::new(|| dimpl::certificate::generate_self_signed_certificate().expect("a certificate"));
static CONFIG: LazyLock<Arc<dimpl::Config>> =
    LazyLock::new(|| Arc::new(dimpl::Config::builder().max_queue_tx(64).build().expect("a configuration")));

fn session() -> NegotiatedSession {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &CERTIFICATE.certificate);
    NegotiatedSession {
        local_ice: IceCreds { ufrag: "srvr".into(), pwd: PASSWORD.into() },
        remote_ice: IceCreds { ufrag: "clnt".into(), pwd: "cccccccccccccccccccccccc".into() },
        remote_fingerprint: digest.as_ref().try_into().expect("32 bytes"),
        sections: Vec::new(),
        sctp: Some(Sctp { port: 5000, max_message_size: 65_536 }),
    }
}

fuzz_target!(|input: &[u8]| {
    let _ = stun_local_ufrag(input);
    let mut plan = Plan(input);
    let mut now = Instant::now();
    let home: SocketAddr = ([198, 51, 100, 1], 4000).into();
    let session = session();
    let config = ControlConfig {
        local_ice: session.local_ice.clone(),
        identity: IDENTITY.clone(),
        open: ChannelSpec::livekit(),
    };
    let mut peer = ControlPeer::new(config, now);
    let mut client = Dtls::new_12(CONFIG.clone(), CERTIFICATE.clone(), now);
    client.set_active(true);
    let _ = client.handle_timeout(now);
    let mut buffer = vec![0; 4096];
    let mut negotiated = false;
    let mut closed = false;
    while !plan.is_over() {
        match plan.byte() % 8 {
            0 => {
                now += Duration::from_millis(u64::from(plan.byte()) * 20);
                peer.handle_timeout(now);
                let _ = client.handle_timeout(now);
            }
            1 => {
                peer.set_remote(&session);
                negotiated = true;
            }
            2 => {
                let from = SocketAddr::from(([198, 51, 100, plan.byte()], 4000));
                let attributes = if plan.byte() & 1 == 0 { honest() } else { plan.bytes().to_vec() };
                let mut datagram = stun("srvr:clnt", PASSWORD, &attributes);
                bend(&mut plan, &mut datagram);
                peer.handle_datagram(now, from, &datagram);
            }
            3 => peer.handle_datagram(now, home, plan.bytes()),
            4 => {
                // SCTP of our own making, under DTLS.
                let mut packet = plan.bytes().to_vec();
                checksum(&mut packet);
                let _ = client.send_application_data(&packet);
            }
            5 => peer.handle_datagram(now, home, &stun("srvr:clnt", PASSWORD, &honest())),
            _ => loop {
                match client.poll_output(&mut buffer) {
                    Output::Packet(packet) => {
                        let mut packet = packet.to_vec();
                        bend(&mut plan, &mut packet);
                        peer.handle_datagram(now, home, &packet);
                    }
                    Output::Timeout(_) => break,
                    _ => {}
                }
            },
        }
        let mut outputs = 0;
        while let Some(output) = peer.poll_output() {
            outputs += 1;
            assert!(!closed, "after its end it says nothing");
            match output {
                ControlOutput::Transmit { bytes, .. } => {
                    if bytes.first().is_some_and(|b| (20..=63).contains(b)) {
                        let _ = client.handle_packet(&bytes);
                    }
                }
                ControlOutput::Event(ControlEvent::Keys(_)) => assert!(negotiated, "keys before a fingerprint"),
                ControlOutput::Event(ControlEvent::Closed(_)) => closed = true,
                ControlOutput::Event(_) => {}
            }
        }
        assert!(outputs <= 1024, "{outputs} outputs at once");
        assert!(peer.deadline().is_none_or(|at| at > now || !closed));
    }
});
