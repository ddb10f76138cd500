use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};

/// Certificate and key of this process, and how it speaks DTLS. Make one; the certificate is good for a year.
pub struct Identity {
    pub(crate) certificate: dimpl::DtlsCertificate,
    pub(crate) config: Arc<dimpl::Config>,
    fingerprint: [u8; 32],
}

impl Identity {
    /// A fresh P-256 key and a certificate signed by itself.
    pub fn generate() -> Result<Self, IdentityError> {
        let certificate =
            dimpl::certificate::generate_self_signed_certificate().map_err(|e| IdentityError(e.to_string()))?;
        let config = dimpl::Config::builder()
            .mtu(1200)
            .max_queue_tx(64)
            // Retries are counted, not timed: with a first wait of 250 ms, four would give up within 8 s. Nine reach the
            // handshake's own deadline, and a lossy network gets its chance.
            .flight_start_rto(Duration::from_millis(250))
            .flight_retries(9)
            .handshake_timeout(Duration::from_secs(30))
            // The address was authenticated by STUN already, so a cookie would only cost a round trip.
            .use_server_cookie(false)
            .build()
            .map_err(|e| IdentityError(e.to_string()))?;
        let fingerprint = fingerprint(&certificate.certificate);
        Ok(Self { certificate, config: Arc::new(config), fingerprint })
    }

    /// SHA-256 of the certificate, for `a=fingerprint`.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

pub(crate) fn fingerprint(der: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, der).as_ref());
    out
}

/// No certificate could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityError(String);

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "No certificate could be made: {}.", self.0)
    }
}

impl std::error::Error for IdentityError {}
