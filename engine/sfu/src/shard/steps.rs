//! What a receiver may be sent of a track, as steps of rising cost: the smallest layer at lower picture rates, then each layer.
//! A layer is a stream of its own (simulcast) or a part of the only one (SVC).
//!
//! Law: what a step costs is measured; a step that its sender doesn't send costs 0 and is none.

use std::time::Instant;

use super::track::{Encoding, Track};
use crate::allocator::STEPS;
use crate::layer::{Layer, choose, newest_of};
use crate::selector::Layers;

/// Steps of the smallest layer at lower picture rates.
pub(super) const LOWER: usize = 2;
/// Layers of a picture.
pub(super) const LAYERS: usize = STEPS - LOWER;
/// What a layer is taken to cost until it is measured, where no other of its track tells.
const UNMEASURED: [u64; LAYERS] = [150_000, 500_000, 1_700_000];
/// Senders halve both sides.
const SMALLER: u64 = 3;
/// What a packet costs beside what it carries, in per cent.
const HEADERS: u64 = 107;

/// Which stream is to be sent, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Aim {
    pub(super) layer: usize,
    pub(super) parts: Layers,
}

/// What a step is now: the best there is that is no more, else the least. `None` while nothing comes.
pub(super) fn aim(layers: &[Layer], encoding: &Encoding, step: usize, fps: u32) -> Option<Aim> {
    let rank = step.saturating_sub(LOWER);
    let layer = choose(layers, &encoding.layers, rank)?;
    let parts = &layers[layer].parts;
    let spatial = if is_svc(layers, encoding) { rank as u8 } else { u8::MAX };
    let most = if step < LOWER { step as u8 } else { u8::MAX };
    Some(Aim { layer, parts: Layers { spatial, temporal: parts.temporal_for(fps).min(most) } })
}

/// What each step costs, at no more than so many pictures a second where `fps` isn't 0.
pub(super) fn rates(now: Instant, track: &mut Track, encoding: usize, fps: u32) -> [u64; STEPS] {
    let mut rates = [0; STEPS];
    let Track { layers, encodings, .. } = track;
    let encoding = &encodings[encoding];
    let Some(newest) = newest_of(layers, &encoding.layers) else { return rates };
    if is_svc(layers, encoding) {
        let layer = &mut layers[encoding.layers[0]];
        let all = layer.rate.measured(now).map(|bits| bits * HEADERS / 100);
        for (rank, guess) in UNMEASURED.iter().enumerate().take(layer.parts.spatials()) {
            if layer.parts.sends(rank as u8) {
                fill(&mut rates, layer, rank, rank as u8, fps, all.ok_or(*guess));
            }
        }
        return rates;
    }
    let mut measured = None;
    for (rank, place) in encoding.layers.iter().enumerate().take(UNMEASURED.len()) {
        let layer = &mut layers[*place];
        if layer.is_alive(newest) {
            let known = layer.rate.measured(now).map(|bits| bits * HEADERS / 100);
            let guess = measured.map_or(UNMEASURED[rank], |smaller| smaller * SMALLER);
            fill(&mut rates, layer, rank, u8::MAX, fps, known.ok_or(guess));
            measured = Some(known.unwrap_or(guess).max(1));
            layer.rest.note(now, rates[LOWER + rank]);
        } else {
            rates[LOWER + rank] = layer.rest.worth(now).unwrap_or_default();
        }
    }
    rates
}

/// The steps of one layer, of which `Ok` bits are measured of the whole stream, or `Err` are guessed of the layer.
fn fill(rates: &mut [u64; STEPS], layer: &Layer, rank: usize, spatial: u8, fps: u32, bits: Result<u64, u64>) {
    let most = layer.parts.temporal_for(fps);
    let cost = |temporal: u8| match bits {
        Ok(all) => all * layer.parts.share(spatial, temporal).unwrap_or(1000) / 1000,
        Err(guess) => guess,
    };
    rates[LOWER + rank] = cost(most).max(1); // a still screen costs nothing and is there
    if rank == 0 {
        for temporal in 0..layer.parts.highest_temporal().min(most).min(LOWER as u8) {
            rates[usize::from(temporal)] = cost(temporal).max(1);
        }
    }
}

fn is_svc(layers: &[Layer], encoding: &Encoding) -> bool {
    matches!(encoding.layers[..], [only] if layers[only].parts.spatials() > 1)
}
