//! How much of a stream each of its layers is, and how many pictures a second: what leaving some out would save.

use std::time::{Duration, Instant};

use crate::rate::WINDOW;
use crate::ring::Meta;

/// Spatial and temporal layers that are told apart; what is above counts as the highest.
pub(crate) const SPATIAL: usize = 3;
pub(crate) const TEMPORAL: usize = 4;
/// Of so many hundredths of the pictures that are wanted a layer is good enough: cameras are slower than they say.
const ENOUGH: u64 = 90;

/// See the module.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    since: Option<Instant>,
    bytes: [[u32; TEMPORAL]; SPATIAL],
    pictures: [u16; TEMPORAL],
    last: Option<u32>,
    known: Option<Known>,
    /// Spatial layers, as the stream says or as have been seen.
    spatials: u8,
}

/// Over the last window.
#[derive(Clone, Copy, Debug)]
struct Known {
    bytes: [[u32; TEMPORAL]; SPATIAL],
    pictures: [u16; TEMPORAL],
    took: Duration,
}

impl Parts {
    pub(crate) fn note(&mut self, now: Instant, meta: &Meta, bytes: usize) {
        self.roll(now);
        let spatial = usize::from(meta.part.spatial).min(SPATIAL - 1);
        let temporal = usize::from(meta.part.temporal).min(TEMPORAL - 1);
        self.bytes[spatial][temporal] += bytes as u32;
        self.spatials = self.spatials.max(spatial as u8 + 1);
        if self.last.replace(meta.timestamp) != Some(meta.timestamp) {
            self.pictures[temporal] += 1;
        }
    }

    /// The stream says that it has so many spatial layers.
    pub(crate) fn declare(&mut self, spatials: u8) {
        self.spatials = spatials.clamp(1, SPATIAL as u8);
    }

    /// How many spatial layers there are.
    pub(crate) fn spatials(&self) -> usize {
        usize::from(self.spatials.max(1))
    }

    /// The highest temporal layer that came.
    pub(crate) fn highest_temporal(&self) -> u8 {
        let known = self.known.map_or(self.pictures, |known| known.pictures);
        known.iter().rposition(|pictures| *pictures > 0).unwrap_or_default() as u8
    }

    /// Which thousandth of the stream's bytes is of no higher layers than these; `None` until a window has passed.
    pub(crate) fn share(&self, spatial: u8, temporal: u8) -> Option<u64> {
        let known = self.known.as_ref()?;
        let count = |spatial: usize, temporal: usize| -> u64 {
            let rows = known.bytes.iter().take(spatial.saturating_add(1));
            rows.flat_map(|row| row.iter().take(temporal.saturating_add(1))).map(|bytes| u64::from(*bytes)).sum()
        };
        let all = count(SPATIAL, TEMPORAL);
        (all > 0).then(|| count(usize::from(spatial), usize::from(temporal)) * 1000 / all)
    }

    /// Whether anything came of a spatial layer in the last window.
    pub(crate) fn sends(&self, spatial: u8) -> bool {
        let row = |known: &Known| known.bytes.get(usize::from(spatial)).is_some_and(|row| row.iter().any(|b| *b > 0));
        self.known.as_ref().is_none_or(row)
    }

    /// The lowest temporal layer that has so many pictures a second; 0 asks for all of them.
    pub(crate) fn temporal_for(&self, fps: u32) -> u8 {
        let Some(known) = self.known.filter(|_| fps > 0) else { return u8::MAX };
        let mut pictures = 0;
        for (temporal, more) in known.pictures.iter().enumerate() {
            pictures += u32::from(*more);
            if u64::from(pictures) * 100_000 >= u64::from(fps) * ENOUGH * known.took.as_millis() as u64 {
                return temporal as u8;
            }
        }
        u8::MAX
    }

    fn roll(&mut self, now: Instant) {
        let took = now.saturating_duration_since(*self.since.get_or_insert(now));
        if took >= WINDOW {
            self.known = Some(Known { bytes: self.bytes, pictures: self.pictures, took });
            (self.bytes, self.pictures, self.since) = ([[0; TEMPORAL]; SPATIAL], [0; TEMPORAL], Some(now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::META;
    use crate::selector::Part;

    /// A second of 30 pictures in two spatial and three temporal layers: 0 2 1 2, the larger one three times the smaller.
    fn second() -> Parts {
        let (mut parts, start) = (Parts::default(), Instant::now());
        for n in 0..31_u32 {
            for spatial in 0..2 {
                let part = Part { spatial, temporal: [0, 2, 1, 2][n as usize % 4], ..Part::default() };
                let meta = Meta { timestamp: n * 3000, part, ..META };
                parts.note(
                    start + Duration::from_micros(u64::from(n) * 33_334),
                    &meta,
                    100 * 3_usize.pow(spatial.into()),
                );
            }
        }
        parts
    }

    #[test]
    fn each_part_costs_what_came_of_it() {
        let parts = second();
        assert_eq!((parts.spatials(), parts.highest_temporal()), (2, 2));
        assert_eq!(
            (parts.share(0, u8::MAX), parts.share(1, 2), parts.share(u8::MAX, u8::MAX)),
            (Some(250), Some(1000), Some(1000))
        );
        let half = parts.share(1, 1).expect("a window has passed");
        assert!((450..=550).contains(&half), "{half}");
        assert!(parts.sends(0) && parts.sends(1) && !parts.sends(2));
    }

    #[test]
    fn fewer_pictures_are_a_lower_layer_and_as_many_as_there_are_all() {
        let parts = second();
        let layers: Vec<_> = [5, 7, 10, 15, 20, 30, 60, 0].map(|fps| parts.temporal_for(fps)).into();
        assert_eq!(layers, [0, 0, 1, 1, 2, 2, u8::MAX, u8::MAX]);
        assert_eq!(Parts::default().temporal_for(5), u8::MAX, "nothing is known yet");
    }
}
