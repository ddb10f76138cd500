//! What a client's offer says of its sections' names, of the transport they share, and of which of them can be served.

use std::collections::HashSet;

use crate::SdpError;
use crate::parse::{Description, Media, MediaKind, Setup, Transport};
use crate::session::{IceCreds, Mid};

/// A name for each section: its own, or its place where it has none.
pub(crate) fn mids(offer: &Description<'_>) -> Result<Vec<Mid>, SdpError> {
    let mut mids = Vec::with_capacity(offer.sections.len());
    let mut seen = HashSet::with_capacity(offer.sections.len());
    for (n, media) in offer.sections.iter().enumerate() {
        let place = n.to_string();
        let mid = Mid::new(media.mid.unwrap_or(&place))
            .ok_or_else(|| refuse("sdp.bad_mid", "a section's name is empty, too long or not plain text"))?;
        if !seen.insert(mid) {
            return Err(refuse("sdp.bad_mid", "two sections have the same name"));
        }
        mids.push(mid);
    }
    Ok(mids)
}

/// Which sections go over the one transport we have: the first group, or the first section when nothing is grouped.
pub(crate) fn bundled(offer: &Description<'_>, mids: &[Mid]) -> Vec<bool> {
    let Some(group) = &offer.bundle else {
        let first = offer.sections.iter().position(|m| !m.is_rejected());
        return (0..mids.len()).map(|n| Some(n) == first).collect();
    };
    let group: HashSet<&str> = group.iter().copied().collect();
    mids.iter().map(|mid| group.contains(mid.as_str())).collect()
}

pub(crate) struct Remote {
    pub(crate) ice: IceCreds,
    pub(crate) fingerprint: [u8; 32],
}

/// Of the first section in use that says it: the others of a bundle need not.
pub(crate) fn transport(offer: &Description<'_>, bundled: &[bool]) -> Result<Remote, SdpError> {
    let used = || offer.sections.iter().zip(bundled).filter(|(m, b)| **b && !m.is_rejected()).map(|(m, _)| m.transport);
    // An offer in which all is rejected still has to be answered: then any section will do.
    let any = || used().chain(offer.sections.iter().map(|m| m.transport));
    let Transport { ufrag, pwd, .. } = any()
        .find(|t| t.ufrag.is_some() && t.pwd.is_some())
        .ok_or_else(|| refuse("sdp.no_ice", "it names no ICE credentials"))?;
    let fingerprint = any()
        .find_map(|t| t.fingerprint)
        .ok_or_else(|| refuse("sdp.no_fingerprint", "it names no SHA-256 fingerprint of a certificate"))?;
    if used().any(|t| matches!(t.setup, Some(Setup::Passive | Setup::HoldConn))) {
        return Err(refuse("sdp.bad_setup", "it wants to be the DTLS server, which we always are"));
    }
    let ice = IceCreds { ufrag: ufrag.unwrap_or_default().to_owned(), pwd: pwd.unwrap_or_default().to_owned() };
    Ok(Remote { ice, fingerprint })
}

pub(crate) fn is_usable(media: &Media<'_>, has_codec: bool) -> bool {
    let rtp = matches!(media.proto, "UDP/TLS/RTP/SAVPF" | "RTP/SAVPF" | "UDP/TLS/RTP/SAVP" | "TCP/TLS/RTP/SAVPF");
    let sctp = matches!(media.proto, "UDP/DTLS/SCTP" | "TCP/DTLS/SCTP") && media.formats_text == "webrtc-datachannel";
    !media.is_rejected()
        && match media.kind {
            MediaKind::Audio | MediaKind::Video => rtp && has_codec,
            MediaKind::Application => sctp,
            MediaKind::Other => false,
        }
}

pub(crate) fn refuse(code: &'static str, sentence: &str) -> SdpError {
    SdpError { code, sentence: sentence.to_owned() }
}
