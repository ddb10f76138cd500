use folkmoot_node as node;
use pyo3::prelude::*;
use std::collections::HashMap;

/// A section of an answer in which media comes to us.
#[pyclass(frozen, get_all, module = "folkmoot_engine")]
#[derive(Clone)]
pub struct ReceivingSection {
    mid: String,
    kind: String,
    track_id: String,
    codecs: Vec<String>,
    rids: Vec<String>,
}

/// What an offer was answered with.
#[pyclass(frozen, get_all, module = "folkmoot_engine")]
pub struct Answer {
    sdp: String,
    mid_to_track: HashMap<String, String>,
    receiving: Vec<ReceivingSection>,
    refused: Vec<String>,
    in_backup: Vec<String>,
}

/// What a client's answer came to.
#[pyclass(frozen, get_all, module = "folkmoot_engine")]
pub struct Accepted {
    refused: Vec<String>,
    in_backup: Vec<String>,
}

/// Whether a connection has something to negotiate.
#[pyclass(frozen, get_all, module = "folkmoot_engine")]
pub struct Negotiation {
    needed: bool,
    missing_audio: u32,
    missing_video: u32,
}

impl From<node::Answer> for Answer {
    fn from(answer: node::Answer) -> Self {
        Self {
            sdp: answer.sdp,
            mid_to_track: answer.mid_to_track.into_iter().collect(),
            receiving: answer.receiving.into_iter().map(ReceivingSection::from).collect(),
            refused: answer.refused,
            in_backup: answer.in_backup,
        }
    }
}

impl From<node::Accepted> for Accepted {
    fn from(accepted: node::Accepted) -> Self {
        Self { refused: accepted.refused, in_backup: accepted.in_backup }
    }
}

impl From<node::ReceivingSection> for ReceivingSection {
    fn from(section: node::ReceivingSection) -> Self {
        Self {
            mid: section.mid,
            kind: section.kind.into(),
            track_id: section.track_id,
            codecs: section.codecs,
            rids: section.rids,
        }
    }
}

impl From<node::Negotiation> for Negotiation {
    fn from(negotiation: node::Negotiation) -> Self {
        Self {
            needed: negotiation.needed,
            missing_audio: negotiation.missing_audio,
            missing_video: negotiation.missing_video,
        }
    }
}
