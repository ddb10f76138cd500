//! Text to typed values (RFC 8866), bounded.
//!
//! Everything borrows from the text. Attributes we have no use for are not kept; a malformed value of one we do use
//! refuses the whole description.

use crate::SdpError;
use crate::session::{Rid, Short};

const SIZE_MAX: usize = 1 << 20;
const LINES_MAX: usize = 1 << 16;
const LINE_MAX: usize = 8 * 1024;
const SECTIONS_MAX: usize = 1024;
const SSRCS_MAX: usize = 32;
const RIDS_MAX: usize = 8;

#[derive(Debug, Default)]
pub(crate) struct Description<'a> {
    /// Mids of the first BUNDLE group; `None` when there is none.
    pub(crate) bundle: Option<Vec<&'a str>>,
    pub(crate) sections: Vec<Media<'a>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Audio,
    Video,
    Application,
    #[default]
    Other,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Media<'a> {
    pub(crate) kind: MediaKind,
    /// The first word of the m-line, and all after the port.
    pub(crate) kind_text: &'a str,
    pub(crate) proto: &'a str,
    pub(crate) formats_text: &'a str,
    pub(crate) port: u16,
    pub(crate) bundle_only: bool,
    pub(crate) mid: Option<&'a str>,
    pub(crate) transport: Transport<'a>,
    pub(crate) direction: Direction,
    pub(crate) rtcp_rsize: bool,
    pub(crate) formats: Vec<Format<'a>>,
    pub(crate) exts: Vec<(u8, &'a str)>,
    /// (stream, track)
    pub(crate) msid: Option<(&'a str, &'a str)>,
    pub(crate) ssrcs: Vec<u32>,
    pub(crate) fid: Vec<(u32, u32)>,
    pub(crate) sim: Vec<u32>,
    /// Layers the other side sends, by `a=rid`; and their order, by `a=simulcast`.
    pub(crate) rids: Vec<Rid>,
    pub(crate) simulcast: Vec<Rid>,
    pub(crate) sctp_port: Option<u16>,
    pub(crate) max_message_size: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Transport<'a> {
    pub(crate) ufrag: Option<&'a str>,
    pub(crate) pwd: Option<&'a str>,
    pub(crate) fingerprint: Option<[u8; 32]>,
    pub(crate) setup: Option<Setup>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setup {
    Active,
    Passive,
    ActPass,
    HoldConn,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Direction {
    pub(crate) send: bool,
    pub(crate) recv: bool,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Format<'a> {
    pub(crate) pt: u8,
    pub(crate) name: &'a str,
    pub(crate) clock_rate: u32,
    pub(crate) fmtp: &'a str,
    pub(crate) feedback: Feedback,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // a set of five independent things
pub(crate) struct Feedback {
    pub(crate) nack: bool,
    pub(crate) pli: bool,
    pub(crate) fir: bool,
    pub(crate) twcc: bool,
    pub(crate) remb: bool,
}

impl Media<'_> {
    pub(crate) fn is_rejected(&self) -> bool {
        self.port == 0 && !self.bundle_only
    }

    /// Layers in the order in which the other side wants them.
    pub(crate) fn layers(&self) -> Vec<Rid> {
        self.simulcast.iter().filter(|rid| self.rids.contains(rid)).copied().collect()
    }
}

fn malformed(line: &str) -> SdpError {
    let shown: String = line.chars().filter(|c| !c.is_control()).take(60).collect();
    SdpError::new("sdp.malformed", format!("the line “{shown}” cannot be read"))
}

impl<'a> Description<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, SdpError> {
        if text.len() > SIZE_MAX {
            return Err(SdpError::new("sdp.too_large", "it is too long"));
        }
        let mut description = Self::default();
        let mut session = Media { direction: Direction { send: true, recv: true }, ..Media::default() };
        // Where each payload type of the current section is in `formats`, plus one.
        let mut places = [0_u8; 128];
        for (n, line) in text.split('\n').enumerate() {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if n >= LINES_MAX || line.len() > LINE_MAX {
                return Err(SdpError::new("sdp.too_large", "it has too many lines, or one that is too long"));
            }
            if n == 0 && line != "v=0" {
                return Err(SdpError::new("sdp.malformed", "it does not begin with “v=0”"));
            }
            if let Some(value) = line.strip_prefix("a=") {
                let (name, value) = value.split_once(':').unwrap_or((value, ""));
                description.attribute(&mut session, name, value, &mut places).ok_or_else(|| malformed(line))?;
            } else if let Some(value) = line.strip_prefix("m=") {
                if description.sections.len() == SECTIONS_MAX {
                    return Err(SdpError::new("sdp.too_many_sections", "it has too many sections"));
                }
                places = [0; 128];
                let media = Media::m_line(value, &session, &mut places).ok_or_else(|| malformed(line))?;
                description.sections.push(media);
            }
        }
        Ok(description)
    }

    /// Of the last section, or of the session before there is one.
    fn attribute(&mut self, session: &mut Media<'a>, name: &str, value: &'a str, places: &mut [u8; 128]) -> Option<()> {
        if name == "group" && self.sections.is_empty() {
            if let (Some(mids), None) = (value.strip_prefix("BUNDLE"), &self.bundle) {
                self.bundle = Some(mids.split_ascii_whitespace().take(SECTIONS_MAX).collect());
            }
            return Some(());
        }
        self.sections.last_mut().unwrap_or(session).attribute(name, value, places)
    }
}

impl<'a> Media<'a> {
    fn m_line(value: &'a str, session: &Self, places: &mut [u8; 128]) -> Option<Self> {
        let mut words = value.splitn(4, ' ');
        let (kind_text, port, proto) = (words.next()?, words.next()?, words.next()?);
        let formats_text = words.next().unwrap_or("").trim_end();
        let port = port.split_once('/').map_or(port, |(port, _)| port).parse().ok()?;
        let kind = match kind_text {
            "audio" => MediaKind::Audio,
            "video" => MediaKind::Video,
            "application" => MediaKind::Application,
            _ => MediaKind::Other,
        };
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        if !plain(kind_text) || !plain(proto) || !plain(formats_text) {
            return None;
        }
        let mut formats = Vec::new();
        if matches!(kind, MediaKind::Audio | MediaKind::Video) {
            for word in formats_text.split_ascii_whitespace() {
                let pt = number(word)?;
                if places[usize::from(pt)] == 0 {
                    formats.push(Format { pt, ..Format::default() });
                    places[usize::from(pt)] = formats.len() as u8;
                }
            }
        }
        Some(Self {
            kind,
            kind_text,
            proto,
            formats_text,
            port,
            formats,
            transport: session.transport,
            direction: session.direction,
            exts: session.exts.clone(),
            ..Self::default()
        })
    }

    /// `None`: the value cannot be read.
    fn attribute(&mut self, name: &str, value: &'a str, places: &mut [u8; 128]) -> Option<()> {
        match name {
            "rtpmap" | "rtcp-fb" | "fmtp" => return self.format_attribute(name, value, places),
            "extmap" => return self.add_extension(value),
            "ice-ufrag" | "ice-pwd" | "fingerprint" | "setup" => return self.transport.attribute(name, value),
            "sendrecv" => self.direction = Direction { send: true, recv: true },
            "sendonly" => self.direction = Direction { send: true, recv: false },
            "recvonly" => self.direction = Direction { send: false, recv: true },
            "inactive" => self.direction = Direction { send: false, recv: false },
            "mid" => self.mid = Some(value),
            "rtcp-rsize" => self.rtcp_rsize = true,
            "bundle-only" => self.bundle_only = true,
            "msid" => self.set_msid(value),
            "ssrc" => return self.add_ssrc(value),
            "ssrc-group" => return self.add_ssrc_group(value),
            "rid" => return self.add_rid(value),
            "simulcast" => return self.set_simulcast(value),
            "sctp-port" => self.sctp_port = Some(value.parse().ok()?),
            "max-message-size" => self.max_message_size = Some(value.parse().ok()?),
            _ => {}
        }
        Some(())
    }

    /// Of one payload type, or of all.
    fn format_attribute(&mut self, name: &str, value: &'a str, places: &[u8; 128]) -> Option<()> {
        let (pt, rest) = value.split_once(' ')?;
        if name == "rtcp-fb" && pt == "*" {
            self.formats.iter_mut().for_each(|f| f.feedback.add(rest));
            return Some(());
        }
        let Some(format) = self.format(number(pt)?, places) else { return Some(()) };
        match name {
            "rtpmap" => {
                let mut parts = rest.trim().split('/');
                format.name = parts.next()?;
                format.clock_rate = parts.next()?.parse().ok()?;
            }
            "rtcp-fb" => format.feedback.add(rest),
            _ => format.fmtp = rest.trim(),
        }
        Some(())
    }

    fn add_extension(&mut self, value: &'a str) -> Option<()> {
        let mut words = value.split_ascii_whitespace();
        let id = words.next()?;
        let id: u16 = id.split_once('/').map_or(id, |(id, _)| id).parse().ok()?;
        // Past 14 there is only the two-byte form, which we do not write.
        if let (1..=14, true) = (id, self.exts.len() < 32) {
            self.exts.push((id as u8, words.next()?));
        }
        Some(())
    }

    fn add_ssrc(&mut self, value: &'a str) -> Option<()> {
        let (ssrc, rest) = value.split_once(' ').unwrap_or((value, ""));
        let ssrc = ssrc.parse().ok()?;
        if self.ssrcs.last() != Some(&ssrc) && !self.ssrcs.contains(&ssrc) {
            if self.ssrcs.len() == SSRCS_MAX {
                return None;
            }
            self.ssrcs.push(ssrc);
        }
        if let (Some(msid), None) = (rest.strip_prefix("msid:"), self.msid) {
            self.set_msid(msid);
        }
        Some(())
    }

    fn add_ssrc_group(&mut self, value: &str) -> Option<()> {
        let mut words = value.split_ascii_whitespace();
        let semantics = words.next()?;
        let ssrcs: Option<Vec<u32>> = words.take(SSRCS_MAX).map(|w| w.parse().ok()).collect();
        match (semantics, &ssrcs?[..]) {
            ("FID", &[media, rtx, ..]) if self.fid.len() < SSRCS_MAX => self.fid.push((media, rtx)),
            ("SIM", layers) => self.sim = layers.to_vec(),
            _ => {}
        }
        Some(())
    }

    fn add_rid(&mut self, value: &str) -> Option<()> {
        let mut words = value.split_ascii_whitespace();
        let rid = words.next()?;
        if words.next() == Some("send") && self.rids.len() < RIDS_MAX {
            self.rids.push(Short::new(rid)?);
        }
        Some(())
    }

    fn set_simulcast(&mut self, value: &'a str) -> Option<()> {
        let first = |layer: &'a str| layer.split(',').next().unwrap_or(layer);
        let mut words = value.split_ascii_whitespace();
        while let (Some(direction), Some(list)) = (words.next(), words.next()) {
            if direction == "send" {
                let layers = list.split(';').take(RIDS_MAX).map(|l| first(l).trim_start_matches('~'));
                self.simulcast = layers.map(Short::new).collect::<Option<_>>()?;
            }
        }
        Some(())
    }

    /// The format of this payload type; `None` when the m-line does not name it.
    fn format(&mut self, pt: u8, places: &[u8; 128]) -> Option<&mut Format<'a>> {
        self.formats.get_mut(usize::from(places[usize::from(pt)]).wrapping_sub(1))
    }

    fn set_msid(&mut self, value: &'a str) {
        let mut words = value.split_ascii_whitespace();
        if let (Some(stream), Some(track)) = (words.next(), words.next())
            && track.len() <= 256
        {
            self.msid = Some((stream, track));
        }
    }
}

impl<'a> Transport<'a> {
    /// `None`: the value cannot be read.
    fn attribute(&mut self, name: &str, value: &'a str) -> Option<()> {
        match name {
            "ice-ufrag" => self.ufrag = Some(token(value, 4)?),
            "ice-pwd" => self.pwd = Some(token(value, 22)?),
            "fingerprint" => {
                // Some offer several hashes; SHA-256 is the one all know.
                let (hash, hex) = value.split_once(' ')?;
                if hash.eq_ignore_ascii_case("sha-256") {
                    self.fingerprint = Some(read_fingerprint(hex.trim())?);
                }
            }
            _ => self.setup = Some(Setup::read(value)?),
        }
        Some(())
    }
}

impl Setup {
    fn read(value: &str) -> Option<Self> {
        Some(match value {
            "active" => Self::Active,
            "passive" => Self::Passive,
            "actpass" => Self::ActPass,
            "holdconn" => Self::HoldConn,
            _ => return None,
        })
    }
}

impl Feedback {
    fn add(&mut self, what: &str) {
        match what.trim_end() {
            "nack" => self.nack = true,
            "nack pli" => self.pli = true,
            "ccm fir" => self.fir = true,
            "transport-cc" => self.twcc = true,
            "goog-remb" => self.remb = true,
            _ => {}
        }
    }
}

fn number(pt: &str) -> Option<u8> {
    pt.parse().ok().filter(|pt| *pt < 128)
}

/// Characters of ICE's own alphabet (RFC 8839 §5.4), and of what clients use beside it.
fn token(value: &str, min: usize) -> Option<&str> {
    let allowed = |b: u8| b.is_ascii_graphic() && b != b':';
    ((min..=256).contains(&value.len()) && value.bytes().all(allowed)).then_some(value)
}

fn read_fingerprint(hex: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    let mut bytes = hex.split(':');
    for byte in &mut out {
        let two = bytes.next().filter(|two| two.len() == 2)?;
        *byte = u8::from_str_radix(two, 16).ok()?;
    }
    bytes.next().is_none().then_some(out)
}
