//! Sealing and opening one packet under session keys; knows nothing of sequence numbers beyond the index it is given.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::{constant_time, hmac};

use crate::keys::{KeySalt, Label, Profile, aes_ctr, derive};

pub(crate) const GCM_TAG: usize = 16;
pub(crate) const SHA1_TAG: usize = 10;

/// Session keys of one direction and one of RTP or RTCP.
pub(crate) enum Suite {
    Gcm { key: Box<LessSafeKey>, salt: [u8; 12] },
    Cm { key: Vec<u8>, salt: [u8; 14], auth: Box<hmac::Key> },
}

impl Suite {
    pub(crate) fn rtp(profile: Profile, master: &KeySalt) -> Self {
        Self::new(profile, master, Label::RtpKey, Label::RtpAuth, Label::RtpSalt)
    }

    pub(crate) fn rtcp(profile: Profile, master: &KeySalt) -> Self {
        Self::new(profile, master, Label::RtcpKey, Label::RtcpAuth, Label::RtcpSalt)
    }

    fn new(profile: Profile, master: &KeySalt, key: Label, auth: Label, salt: Label) -> Self {
        let (key_len, salt_len) = profile.lengths();
        let key = derive(master, key, key_len);
        let salt = derive(master, salt, salt_len);
        let gcm = match profile {
            Profile::AeadAes256Gcm => &AES_256_GCM,
            Profile::AeadAes128Gcm => &AES_128_GCM,
            Profile::AesCm128HmacSha1_80 => {
                let auth = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &derive(master, auth, 20));
                return Self::Cm { key, salt: salt.try_into().expect("14 bytes"), auth: Box::new(auth) };
            }
        };
        let key = LessSafeKey::new(UnboundKey::new(gcm, &key).expect("the key has the cipher's length"));
        Self::Gcm { key: Box::new(key), salt: salt.try_into().expect("12 bytes") }
    }

    pub(crate) fn rtp_tag(&self) -> usize {
        match self {
            Self::Gcm { .. } => GCM_TAG,
            Self::Cm { .. } => SHA1_TAG,
        }
    }

    // --- RTP ----------------------------------------------------------------------------------------------------------

    /// Seals `packet[..len]`, whose header is `header` bytes, in place; the tag goes behind. Length of the result.
    pub(crate) fn seal_rtp(&self, packet: &mut [u8], header: usize, len: usize, ssrc: u32, index: u64) -> usize {
        match self {
            Self::Gcm { key, salt } => {
                let (head, body) = packet.split_at_mut(header);
                let (payload, tail) = body.split_at_mut(len - header);
                let tag = key
                    .seal_in_place_separate_tag(gcm_rtp_nonce(salt, ssrc, index), Aad::from(&*head), payload)
                    .expect("a packet is far below the cipher's limit");
                tail[..GCM_TAG].copy_from_slice(tag.as_ref());
                len + GCM_TAG
            }
            Self::Cm { key, salt, auth } => {
                aes_ctr(key, cm_rtp_iv(salt, ssrc, index), &mut packet[header..len]);
                let tag = cm_tag(auth, &packet[..len], &((index >> 16) as u32).to_be_bytes());
                packet[len..len + SHA1_TAG].copy_from_slice(&tag.as_ref()[..SHA1_TAG]);
                len + SHA1_TAG
            }
        }
    }

    /// Opens a packet in place; the length without tag, or `None` when it isn't authentic.
    pub(crate) fn open_rtp(&self, packet: &mut [u8], header: usize, ssrc: u32, index: u64) -> Option<usize> {
        let len = packet.len().checked_sub(self.rtp_tag()).filter(|len| *len >= header)?;
        match self {
            Self::Gcm { key, salt } => {
                let (head, body) = packet.split_at_mut(header);
                key.open_in_place(gcm_rtp_nonce(salt, ssrc, index), Aad::from(&*head), body).ok()?;
            }
            Self::Cm { key, salt, auth } => {
                let (sealed, tag) = packet.split_at_mut(len);
                let want = cm_tag(auth, sealed, &((index >> 16) as u32).to_be_bytes());
                constant_time::verify_slices_are_equal(tag, &want.as_ref()[..SHA1_TAG]).ok()?;
                aes_ctr(key, cm_rtp_iv(salt, ssrc, index), &mut sealed[header..]);
            }
        }
        Some(len)
    }

    // --- RTCP ---------------------------------------------------------------------------------------------------------

    /// Seals a compound in place, E bit set; `index` below 2^31.
    pub(crate) fn seal_rtcp(&self, packet: &mut Vec<u8>, ssrc: u32, index: u32) {
        let trailer = (0x8000_0000 | index).to_be_bytes();
        match self {
            Self::Gcm { key, salt } => {
                let aad = rtcp_aad(packet, trailer);
                let tag = key
                    .seal_in_place_separate_tag(gcm_rtcp_nonce(salt, ssrc, index), Aad::from(aad), &mut packet[8..])
                    .expect("a packet is far below the cipher's limit");
                packet.extend_from_slice(tag.as_ref());
                packet.extend_from_slice(&trailer);
            }
            Self::Cm { key, salt, auth } => {
                aes_ctr(key, cm_rtcp_iv(salt, ssrc, index), &mut packet[8..]);
                packet.extend_from_slice(&trailer);
                let tag = cm_tag(auth, packet, &[]);
                packet.extend_from_slice(&tag.as_ref()[..SHA1_TAG]);
            }
        }
    }

    /// Opens a compound in place: (length of the plain compound, index); `None` when it isn't authentic.
    pub(crate) fn open_rtcp(&self, packet: &mut [u8]) -> Option<(usize, u32)> {
        let ssrc = u32::from_be_bytes(packet.get(4..8)?.try_into().ok()?);
        match self {
            Self::Gcm { key, salt } => {
                let end = packet.len().checked_sub(4).filter(|end| *end >= 8 + GCM_TAG)?;
                let trailer: [u8; 4] = packet[end..].try_into().ok()?;
                let index = u32::from_be_bytes(trailer);
                if index >> 31 == 0 {
                    return None; // unencrypted SRTCP is never sent to us
                }
                let nonce = gcm_rtcp_nonce(salt, ssrc, index & 0x7fff_ffff);
                let aad = rtcp_aad(packet, trailer);
                key.open_in_place(nonce, Aad::from(aad), &mut packet[8..end]).ok()?;
                Some((end - GCM_TAG, index & 0x7fff_ffff))
            }
            Self::Cm { key, salt, auth } => {
                let end = packet.len().checked_sub(SHA1_TAG + 4).filter(|end| *end >= 8)?;
                let (sealed, tag) = packet.split_at_mut(end + 4);
                let want = cm_tag(auth, sealed, &[]);
                constant_time::verify_slices_are_equal(tag, &want.as_ref()[..SHA1_TAG]).ok()?;
                let index = u32::from_be_bytes(sealed[end..].try_into().ok()?);
                if index >> 31 == 0 {
                    return None;
                }
                aes_ctr(key, cm_rtcp_iv(salt, ssrc, index & 0x7fff_ffff), &mut sealed[8..end]);
                Some((end, index & 0x7fff_ffff))
            }
        }
    }
}

fn xor_into<const N: usize>(salt: &[u8; N], at: usize, bytes: &[u8], out: &mut [u8]) {
    out[..N].copy_from_slice(salt);
    for (o, b) in out[at..].iter_mut().zip(bytes) {
        *o ^= b;
    }
}

/// RFC 7714 §8.1: 0000, SSRC, ROC, SEQ, under the salt.
fn gcm_rtp_nonce(salt: &[u8; 12], ssrc: u32, index: u64) -> Nonce {
    let mut plain = [0; 10];
    plain[..4].copy_from_slice(&ssrc.to_be_bytes());
    plain[4..].copy_from_slice(&index.to_be_bytes()[2..]);
    let mut iv = [0; 12];
    xor_into(salt, 2, &plain, &mut iv);
    Nonce::assume_unique_for_key(iv)
}

/// RFC 7714 §9.1: 0000, SSRC, 0000, index, under the salt.
fn gcm_rtcp_nonce(salt: &[u8; 12], ssrc: u32, index: u32) -> Nonce {
    let mut plain = [0; 10];
    plain[..4].copy_from_slice(&ssrc.to_be_bytes());
    plain[6..].copy_from_slice(&index.to_be_bytes());
    let mut iv = [0; 12];
    xor_into(salt, 2, &plain, &mut iv);
    Nonce::assume_unique_for_key(iv)
}

/// RFC 3711 §4.1.1.
fn cm_rtp_iv(salt: &[u8; 14], ssrc: u32, index: u64) -> [u8; 16] {
    let mut plain = [0; 10];
    plain[..4].copy_from_slice(&ssrc.to_be_bytes());
    plain[4..].copy_from_slice(&index.to_be_bytes()[2..]);
    let mut iv = [0; 16];
    xor_into(salt, 4, &plain, &mut iv);
    iv
}

fn cm_rtcp_iv(salt: &[u8; 14], ssrc: u32, index: u32) -> [u8; 16] {
    cm_rtp_iv(salt, ssrc, u64::from(index))
}

fn cm_tag(auth: &hmac::Key, packet: &[u8], roc: &[u8]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(auth);
    context.update(packet);
    context.update(roc);
    context.sign()
}

/// RFC 7714 §9.2: the fixed header and the ESRTCP word.
fn rtcp_aad(packet: &[u8], trailer: [u8; 4]) -> [u8; 12] {
    let mut aad = [0; 12];
    aad[..8].copy_from_slice(&packet[..8]);
    aad[8..].copy_from_slice(&trailer);
    aad
}
