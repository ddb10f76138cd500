#![no_main]
//! Whose a check is, as the shard reads it before anything is verified, is whose it is to the agent that verifies it.

use folkmoot_peer::stun_local_ufrag;
use is::stun::StunMessage;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|datagram: &[u8]| {
    let ours = stun_local_ufrag(datagram);
    assert!(ours.is_none_or(|name| datagram.len() >= 20 + name.len()));
    if let Ok(message) = StunMessage::parse(datagram)
        && message.is_binding_request()
        && let Some((local, _)) = message.split_username()
    {
        assert!(ours.is_none_or(|name| name == local), "{ours:?} and {local}");
    }
});
