//! Reading an offer: its sections' names, the transport they share, and what we could agree on in each.

use std::collections::HashSet;

use crate::SdpError;
use crate::codecs::{self, Agreed};
use crate::parse::{Description, Media, MediaKind, Setup, Transport};
use crate::session::{IceCreds, Mid};

/// A client's offer, read. Nothing is decided yet.
pub(crate) struct Offer<'a> {
    pub(crate) sections: Vec<Offered<'a>>,
    pub(crate) remote: Remote,
}

/// A section of it.
pub(crate) struct Offered<'a> {
    pub(crate) media: Media<'a>,
    pub(crate) mid: Mid,
    /// It goes over the one transport we have.
    bundled: bool,
    /// The formats that we forward.
    pub(crate) agreed: Vec<Agreed<'a>>,
}

impl<'a> Offer<'a> {
    pub(crate) fn read(text: &'a str) -> Result<Self, SdpError> {
        let description = Description::parse(text)?;
        if description.sections.is_empty() {
            return Err(SdpError::new("sdp.empty", "it has no section"));
        }
        let mids = mids(&description)?;
        let bundled = bundled(&description, &mids);
        let remote = transport(&description, &bundled)?;
        let sections = description.sections.into_iter().zip(mids).zip(bundled);
        let read = |((media, mid), bundled)| Offered { agreed: codecs::agree(&media), media, mid, bundled };
        Ok(Self { sections: sections.map(read).collect(), remote })
    }
}

impl Offered<'_> {
    /// Whether we can say yes to it.
    pub(crate) fn is_usable(&self) -> bool {
        self.bundled && is_usable(&self.media, !self.agreed.is_empty())
    }
}

/// A name for each section: its own, or its place where it has none.
fn mids(offer: &Description<'_>) -> Result<Vec<Mid>, SdpError> {
    let mut mids = Vec::with_capacity(offer.sections.len());
    let mut seen = HashSet::with_capacity(offer.sections.len());
    for (n, media) in offer.sections.iter().enumerate() {
        let place = n.to_string();
        let mid = Mid::new(media.mid.unwrap_or(&place))
            .ok_or_else(|| SdpError::new("sdp.bad_mid", "a section's name is empty, too long or not plain text"))?;
        if !seen.insert(mid) {
            return Err(SdpError::new("sdp.bad_mid", "two sections have the same name"));
        }
        mids.push(mid);
    }
    Ok(mids)
}

/// Which sections go over the one transport we have: the first group, or the first section when nothing is grouped.
fn bundled(offer: &Description<'_>, mids: &[Mid]) -> Vec<bool> {
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
fn transport(offer: &Description<'_>, bundled: &[bool]) -> Result<Remote, SdpError> {
    let used = || offer.sections.iter().zip(bundled).filter(|(m, b)| **b && !m.is_rejected()).map(|(m, _)| m.transport);
    // An offer in which all is rejected still has to be answered: then any section will do.
    let any = || used().chain(offer.sections.iter().map(|m| m.transport));
    let Transport { ufrag, pwd, .. } = any()
        .find(|t| t.ufrag.is_some() && t.pwd.is_some())
        .ok_or_else(|| SdpError::new("sdp.no_ice", "it names no ICE credentials"))?;
    let fingerprint = any()
        .find_map(|t| t.fingerprint)
        .ok_or_else(|| SdpError::new("sdp.no_fingerprint", "it names no SHA-256 fingerprint of a certificate"))?;
    if used().any(|t| matches!(t.setup, Some(Setup::Passive | Setup::HoldConn))) {
        return Err(SdpError::new("sdp.bad_setup", "it wants to be the DTLS server, which we always are"));
    }
    let ice = IceCreds { ufrag: ufrag.unwrap_or_default().to_owned(), pwd: pwd.unwrap_or_default().to_owned() };
    Ok(Remote { ice, fingerprint })
}

fn is_usable(media: &Media<'_>, has_codec: bool) -> bool {
    let rtp = matches!(media.proto, "UDP/TLS/RTP/SAVPF" | "RTP/SAVPF" | "UDP/TLS/RTP/SAVP" | "TCP/TLS/RTP/SAVPF");
    let sctp = matches!(media.proto, "UDP/DTLS/SCTP" | "TCP/DTLS/SCTP") && media.formats_text == "webrtc-datachannel";
    !media.is_rejected()
        && match media.kind {
            MediaKind::Audio | MediaKind::Video => rtp && has_codec,
            MediaKind::Application => sctp,
            MediaKind::Other => false,
        }
}
