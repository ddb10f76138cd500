//! Master keys as DTLS hands them out (RFC 5764 §4.2), and session keys made of them (RFC 3711 §4.3).

use aws_lc_rs::cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;

/// Protection profiles (RFC 5764 §4.1.2, RFC 7714 §14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// `SRTP_AEAD_AES_256_GCM`
    AeadAes256Gcm,
    /// `SRTP_AEAD_AES_128_GCM`
    AeadAes128Gcm,
    /// `SRTP_AES128_CM_HMAC_SHA1_80`
    AesCm128HmacSha1_80,
}

impl Profile {
    /// (key, salt) lengths in bytes.
    pub const fn lengths(self) -> (usize, usize) {
        match self {
            Self::AeadAes256Gcm => (32, 12),
            Self::AeadAes128Gcm => (16, 12),
            Self::AesCm128HmacSha1_80 => (16, 14),
        }
    }
}

/// One direction's master key and salt.
#[derive(Clone, PartialEq, Eq)]
pub struct KeySalt {
    /// Master key.
    pub key: Vec<u8>,
    /// Master salt.
    pub salt: Vec<u8>,
}

impl std::fmt::Debug for KeySalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySalt(..)") // keys are never printed
    }
}

/// What a DTLS handshake agreed on for media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// How packets are protected.
    pub profile: Profile,
    /// Of what the DTLS client sends.
    pub client: KeySalt,
    /// Of what the DTLS server sends.
    pub server: KeySalt,
}

impl Keys {
    /// Splits keying material laid out as client key, server key, client salt, server salt; `None` on a wrong length.
    pub fn from_dtls(profile: Profile, material: &[u8]) -> Option<Self> {
        let (k, s) = profile.lengths();
        if material.len() != 2 * (k + s) {
            return None;
        }
        let part = |key: usize, salt: usize| KeySalt {
            key: material[key..key + k].to_vec(),
            salt: material[salt..salt + s].to_vec(),
        };
        Some(Self { profile, client: part(0, 2 * k), server: part(k, 2 * k + s) })
    }
}

/// Labels of RFC 3711 §4.3.1.
#[derive(Clone, Copy)]
pub(crate) enum Label {
    RtpKey = 0,
    RtpAuth = 1,
    RtpSalt = 2,
    RtcpKey = 3,
    RtcpAuth = 4,
    RtcpSalt = 5,
}

/// AES in counter mode from `iv`, in place.
pub(crate) fn aes_ctr(key: &[u8], iv: [u8; 16], data: &mut [u8]) {
    let algorithm = if key.len() == 32 { &AES_256 } else { &AES_128 };
    let unbound = UnboundCipherKey::new(algorithm, key).expect("a session key has its algorithm's length");
    let ctr = EncryptingKey::ctr(unbound).expect("counter mode exists for AES");
    ctr.less_safe_encrypt(data, EncryptionContext::Iv128(FixedLength::from(iv)))
        .expect("counter mode takes any length");
}

/// `length` bytes of session key for `label` (the key derivation rate is always 0).
pub(crate) fn derive(master: &KeySalt, label: Label, length: usize) -> Vec<u8> {
    let mut iv = [0; 16];
    iv[..master.salt.len()].copy_from_slice(&master.salt);
    iv[7] ^= label as u8;
    let mut out = vec![0; length];
    aes_ctr(&master.key, iv, &mut out);
    out
}
