use folkmoot_wire::{RtpHeader, rtcp};

use crate::keys::{Label, derive};
use crate::suite::Suite;
use crate::{KeySalt, Keys, MAX_RTP_OVERHEAD, Profile, Refused, Rx, Tx};

const PROFILES: [Profile; 3] = [Profile::AeadAes256Gcm, Profile::AeadAes128Gcm, Profile::AesCm128HmacSha1_80];

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|c| u8::from_str_radix(std::str::from_utf8(c).unwrap(), 16).unwrap()).collect()
}

fn master(profile: Profile) -> KeySalt {
    let (k, s) = profile.lengths();
    KeySalt { key: (0..k as u8).collect(), salt: (100..100 + s as u8).collect() }
}

fn pair(profile: Profile) -> (Tx, Rx) {
    (Tx::new(profile, &master(profile)), Rx::new(profile, &master(profile)))
}

fn packet(sequence: u16, ssrc: u32) -> Vec<u8> {
    let mut p = vec![0x80, 0x60];
    p.extend(sequence.to_be_bytes());
    p.extend(77u32.to_be_bytes());
    p.extend(ssrc.to_be_bytes());
    p.extend([0xab; 40]);
    p
}

fn sealed(tx: &Tx, extended: u64, ssrc: u32) -> Vec<u8> {
    let mut p = packet(extended as u16, ssrc);
    let len = p.len();
    p.resize(len + MAX_RTP_OVERHEAD, 0);
    let n = tx.seal_rtp(&mut p, 12, len, ssrc, extended);
    p.truncate(n);
    p
}

fn open(rx: &mut Rx, sealed: &[u8]) -> Result<(Vec<u8>, u64), Refused> {
    let mut p = sealed.to_vec();
    let header = RtpHeader::parse(&p).unwrap();
    let (len, extended) = rx.open_rtp(&mut p, &header)?;
    Ok((p[..len].to_vec(), extended))
}

#[test]
fn session_keys_are_those_of_rfc_3711_appendix_b3() {
    let master = KeySalt { key: hex("E1F97A0D3E018BE0D64FA32C06DE4139"), salt: hex("0EC675AD498AFEEBB6960B3AABE6") };
    assert_eq!(derive(&master, Label::RtpKey, 16), hex("C61E7A93744F39EE10734AFE3FF7A087"));
    assert_eq!(derive(&master, Label::RtpSalt, 14), hex("30CBBC08863D8C85D49DB34A9AE1"));
    assert_eq!(derive(&master, Label::RtpAuth, 20), hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"));
}

/// RFC 7714 §16.1.1 gives session keys, so the suite is made of them directly.
#[test]
fn a_gcm_packet_is_that_of_rfc_7714_section_16() {
    use aws_lc_rs::aead::{AES_128_GCM, LessSafeKey, UnboundKey};
    let key = UnboundKey::new(&AES_128_GCM, &hex("000102030405060708090a0b0c0d0e0f")).unwrap();
    let salt = hex("517569642070726f2071756f").try_into().unwrap();
    let suite = Suite::Gcm { key: Box::new(LessSafeKey::new(key)), salt };
    let mut p =
        hex("8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976697361 20696e207061727465732074726573");
    let len = p.len();
    p.resize(len + 16, 0);
    let n = suite.seal_rtp(&mut p, 12, len, 0x5501_a0b2, 0xf17b);
    assert_eq!(
        p[..n],
        hex(
            "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce"
        )
    );
}

#[test]
fn packets_of_every_profile_open_again_across_the_rollover() {
    for profile in PROFILES {
        let (tx, mut rx) = pair(profile);
        for extended in 65_530..65_542u64 {
            let (plain, got) = open(&mut rx, &sealed(&tx, extended, 9)).unwrap();
            assert_eq!((plain, got), (packet(extended as u16, 9), extended), "{profile:?}");
        }
    }
}

#[test]
fn a_replayed_or_altered_packet_is_refused_and_leaves_no_trace() {
    for profile in PROFILES {
        let (tx, mut rx) = pair(profile);
        let good = sealed(&tx, 100, 9);
        let mut altered = good.clone();
        altered[20] ^= 1;
        assert_eq!(open(&mut rx, &altered), Err(Refused::Unauthentic));
        assert!(open(&mut rx, &good).is_ok());
        assert_eq!(open(&mut rx, &good), Err(Refused::Replayed));
        assert!(open(&mut rx, &sealed(&tx, 300, 9)).is_ok());
        assert_eq!(open(&mut rx, &sealed(&tx, 101, 9)), Err(Refused::Replayed), "too old to tell");
        assert!(open(&mut rx, &sealed(&tx, 299, 9)).is_ok(), "late, but new");
    }
}

#[test]
fn sources_are_bounded_and_one_may_make_room() {
    let (tx, mut rx) = pair(Profile::AeadAes128Gcm);
    for ssrc in 0..128 {
        open(&mut rx, &sealed(&tx, 1, ssrc)).unwrap();
    }
    assert_eq!(open(&mut rx, &sealed(&tx, 1, 999)), Err(Refused::TooManySources));
    rx.forget(5);
    assert!(open(&mut rx, &sealed(&tx, 1, 999)).is_ok());
}

#[test]
fn compounds_open_once() {
    for profile in PROFILES {
        let (mut tx, mut rx) = pair(profile);
        let mut plain = Vec::new();
        rtcp::write_receiver_reports(&mut plain, 3, &[]);
        rtcp::write_pli(&mut plain, 3, 4);
        let mut p = plain.clone();
        assert!(tx.seal_rtcp(&mut p));
        let mut again = p.clone();
        let mut altered = p.clone();
        altered[9] ^= 1;
        assert_eq!(rx.open_rtcp(&mut altered), Err(Refused::Unauthentic), "{profile:?}");
        let n = rx.open_rtcp(&mut p).unwrap();
        assert_eq!(p[..n], plain);
        assert_eq!(rx.open_rtcp(&mut again), Err(Refused::Replayed));
    }
}

#[test]
fn nothing_is_too_short_to_be_refused() {
    for profile in PROFILES {
        let (_, mut rx) = pair(profile);
        for n in 12..40 {
            let mut p = vec![0x80; n];
            p[0] = 0x80;
            if let Some(header) = RtpHeader::parse(&p) {
                assert!(rx.open_rtp(&mut p, &header).is_err());
            }
            assert!(rx.open_rtcp(&mut vec![0x80; n]).is_err());
        }
        assert_eq!(rx.open_rtcp(&mut [1; 7]), Err(Refused::Malformed));
    }
}

#[test]
fn keying_material_is_split_as_dtls_lays_it_out() {
    let material: Vec<u8> = (0..56).collect();
    let keys = Keys::from_dtls(Profile::AeadAes128Gcm, &material).unwrap();
    assert_eq!((keys.client.key[0], keys.server.key[0], keys.client.salt[0], keys.server.salt[0]), (0, 16, 32, 44));
    assert_eq!(Keys::from_dtls(Profile::AeadAes256Gcm, &material), None);
}

#[test]
fn reports_of_many_senders_take_the_place_of_the_longest_silent() {
    let (mut tx, mut rx) = pair(Profile::AeadAes128Gcm);
    let mut compound = |from: u32| {
        let mut plain = Vec::new();
        rtcp::write_receiver_reports(&mut plain, from, &[]);
        assert!(tx.seal_rtcp(&mut plain));
        plain
    };
    let faithful = compound(0);
    assert!(rx.open_rtcp(&mut faithful.clone()).is_ok());
    for from in 1..4000 {
        assert!(rx.open_rtcp(&mut compound(from)).is_ok(), "{from}");
        assert!(from % 100 != 0 || rx.open_rtcp(&mut compound(0)).is_ok());
    }
    assert_eq!(rx.open_rtcp(&mut faithful.clone()), Err(Refused::Replayed), "who speaks on is not forgotten");
    assert!(rx.remembered() < 1000);
}

#[test]
fn a_source_that_has_gone_on_by_rounds_of_numbers_is_found_again() {
    let (tx, mut rx) = pair(Profile::AeadAes256Gcm);
    (100..110).for_each(|n| assert!(open(&mut rx, &sealed(&tx, n, 5)).is_ok()));
    // All between was lost: by its last bits the next one is of the past, or of this round.
    for begins in [65_400, 150_000, 600_000] {
        let first = (begins..begins + 100).find(|n| open(&mut rx, &sealed(&tx, *n, 5)).is_ok()).expect("found");
        assert!(first - begins <= 17, "{first}");
        (first + 1..first + 50)
            .for_each(|n| assert_eq!(open(&mut rx, &sealed(&tx, n, 5)).map(|(_, index)| index), Ok(n)));
    }
}

#[test]
fn however_often_it_is_tried_a_packet_of_the_past_stays_one() {
    let (tx, mut rx) = pair(Profile::AeadAes256Gcm);
    let all: Vec<_> = (100..110).map(|n| sealed(&tx, n, 5)).collect();
    assert!(all.iter().all(|p| open(&mut rx, p).is_ok()));
    for _ in 0..100 {
        assert!(all.iter().all(|p| open(&mut rx, p).is_err()));
    }
}
