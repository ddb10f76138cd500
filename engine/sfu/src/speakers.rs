//! Who is speaking, from the audio level each packet carries (RFC 6464).
//!
//! The numbers are LiveKit's. A track is judged once a window, by its loudest packet and by how much of the window was
//! loud; levels are coarse, so that a room hears of changes, not of noise.

use std::collections::BTreeMap;
use std::time::Duration;

/// How often levels are judged.
pub(crate) const WINDOW: Duration = Duration::from_millis(400);

/// Quieter than this many dB below full scale isn't speech.
const ACTIVE_LEVEL: u8 = 35;
/// Parts in a hundred of a window that must be speech.
const ACTIVE_PERCENT: u32 = 40;
/// A window, in ticks of the voice's clock. What was not heard of it counts as silence: neither a click in the silence of a
/// microphone that sends a packet now and then, nor the first moment of a new one, is speech.
const WINDOW_TICKS: u32 = 48 * 400;
/// The longest packet in use; what follows a longer pause is taken for one of the usual 20 ms.
const PACKET_MAX: u32 = 48 * 120;
const PACKET: u32 = 48 * 20;
/// Weight of the newest window: 2/(n+1) for a mean over n = 2.
const SMOOTHING: f32 = 2.0 / 3.0;
/// Levels are told in eighths.
const STEPS: f32 = 8.0;

/// How loud one audio track is.
#[derive(Clone, Debug)]
pub(crate) struct Loudness {
    heard: u32,
    active: u32,
    last: Option<u32>,
    loudest: u8,
    smoothed: f32,
}

impl Default for Loudness {
    fn default() -> Self {
        Self { heard: 0, active: 0, last: None, loudest: u8::MAX, smoothed: 0.0 }
    }
}

impl Loudness {
    /// Notes a packet's level in dB below full scale (0 is loudest, 127 silence) and its timestamp.
    pub(crate) fn observe(&mut self, level: u8, timestamp: u32) {
        let since = self.last.map_or(PACKET, |last| timestamp.wrapping_sub(last));
        let lasts = if (1..=PACKET_MAX).contains(&since) { since } else { PACKET };
        self.last = Some(timestamp);
        self.heard = self.heard.saturating_add(lasts);
        if level <= ACTIVE_LEVEL {
            self.active = self.active.saturating_add(lasts);
            self.loudest = self.loudest.min(level);
        }
    }

    /// The level, 0 to 1 in eighths, of the window that ends now; 0 is not speaking.
    pub(crate) fn close_window(&mut self) -> f32 {
        let Self { heard, active, last, loudest, smoothed } = std::mem::take(self);
        self.last = last;
        let all = heard.max(WINDOW_TICKS);
        if u64::from(active) * 100 < u64::from(all) * u64::from(ACTIVE_PERCENT) {
            return 0.0;
        }
        // The same as to lower the loudest level by 20·log₁₀ of the loud share in dB.
        let level = linear(loudest) * active as f32 / all as f32;
        self.smoothed = smoothed + (level - smoothed) * SMOOTHING;
        if self.smoothed < linear(ACTIVE_LEVEL) {
            return 0.0;
        }
        (self.smoothed * STEPS).ceil() / STEPS
    }

    /// Forgets what was heard: the track is muted.
    pub(crate) fn silence(&mut self) {
        *self = Self::default();
    }
}

fn linear(level: u8) -> f32 {
    10_f32.powf(f32::from(level) / -20.0)
}

/// Who speaks in a room, as it was last told.
#[derive(Debug, Default)]
pub(crate) struct Speakers {
    told: BTreeMap<u64, f32>,
}

impl Speakers {
    /// What changed since the last tick, as (peer, level, speaking), loudest first. A peer counts by the loudest of its
    /// tracks; one who is silent or gone is told once, at level 0.
    pub(crate) fn tick(&mut self, levels: impl Iterator<Item = (u64, f32)>) -> Vec<(u64, f32, bool)> {
        let mut now = BTreeMap::<u64, f32>::new();
        for (peer, level) in levels.filter(|&(_, level)| level > 0.0) {
            let loudest = now.entry(peer).or_default();
            *loudest = loudest.max(level);
        }
        let fell_silent = self.told.keys().filter(|peer| !now.contains_key(peer)).map(|&peer| (peer, 0.0, false));
        let news = now.iter().filter(|(peer, level)| self.told.get(peer) != Some(level));
        let mut changes: Vec<_> = news.map(|(&peer, &level)| (peer, level, true)).chain(fell_silent).collect();
        changes.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        self.told = now;
        changes
    }

    /// A peer left: that it is silent now isn't news.
    pub(crate) fn forget(&mut self, peer: u64) {
        self.told.remove(&peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The level after a window of `loud` packets at `level` among `all`.
    fn window(track: &mut Loudness, loud: u32, level: u8, all: u32) -> f32 {
        let start = track.last.map_or(0, |last| last.wrapping_add(PACKET));
        for n in 0..all {
            track.observe(if n < loud { level } else { 127 }, start.wrapping_add(n * PACKET));
        }
        track.close_window()
    }

    fn same(a: f32, b: f32) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn steady_speech_rises_to_its_level_and_stops_with_the_voice() {
        let mut track = Loudness::default();
        let levels: Vec<_> = (0..4).map(|_| window(&mut track, 20, 0, 20)).collect();
        assert!(levels.iter().zip([0.75, 1.0, 1.0, 1.0]).all(|(&a, b)| same(a, b)), "{levels:?}");
        assert!(same(window(&mut track, 0, 0, 20), 0.0));
        assert!(same(window(&mut track, 20, 0, 20), 0.75), "starts afresh");
    }

    #[test]
    fn two_fifths_of_the_window_must_be_loud() {
        assert!(same(window(&mut Loudness::default(), 7, 10, 20), 0.0));
        assert!(window(&mut Loudness::default(), 8, 10, 20) > 0.0);
    }

    #[test]
    fn a_voice_as_quiet_as_the_threshold_is_no_speaker_until_it_lasts() {
        let mut track = Loudness::default();
        assert!(same(window(&mut track, 20, 35, 20), 0.0), "smoothed from silence, it is still below");
        assert!(same(window(&mut Loudness::default(), 20, 36, 20), 0.0));
        assert!(same(window(&mut Loudness::default(), 20, 30, 20), 0.125), "the least level told");
    }

    #[test]
    fn a_click_in_discontinuous_silence_is_no_speech() {
        assert!(same(window(&mut Loudness::default(), 1, 0, 1), 0.0));
        assert!(same(window(&mut Loudness::default(), 2, 0, 2), 0.0));
        assert!(same(window(&mut Loudness::default(), 6, 0, 6), 0.0), "the first moment of a microphone");
        let mut long = Loudness::default();
        (0..7).for_each(|n| long.observe(10, n * 3 * PACKET));
        assert!(long.close_window() > 0.0, "packets of 60 ms");
    }

    #[test]
    fn nothing_heard_or_muted_is_silence() {
        let mut track = Loudness::default();
        assert!(same(track.close_window(), 0.0));
        for n in 0..20 {
            track.observe(0, n * PACKET);
        }
        track.silence();
        assert!(same(track.close_window(), 0.0));
    }

    #[test]
    fn a_room_hears_of_changes_only_and_loudest_first() {
        let mut room = Speakers::default();
        let first = room.tick([(1, 0.25), (2, 0.5), (3, 0.0), (1, 0.75), (1, 0.125)].into_iter());
        assert_eq!(first, [(1, 0.75, true), (2, 0.5, true)]);
        assert_eq!(room.tick([(2, 0.5), (1, 0.75)].into_iter()), []);
        // One silent, one vanished, one new, one louder.
        assert_eq!(room.tick([(1, 0.0), (4, 0.125)].into_iter()), [(4, 0.125, true), (1, 0.0, false), (2, 0.0, false)]);
        assert_eq!(room.tick([(4, 0.25)].into_iter()), [(4, 0.25, true)]);
        assert_eq!(room.tick([].into_iter()), [(4, 0.0, false)]);
        assert_eq!(room.tick([].into_iter()), []);
    }

    #[test]
    fn a_peer_who_left_is_no_news() {
        let mut room = Speakers::default();
        room.tick([(1, 0.5)].into_iter());
        room.forget(1);
        assert_eq!(room.tick([].into_iter()), []);
    }

    #[test]
    fn what_is_no_number_does_not_speak() {
        assert_eq!(Speakers::default().tick([(1, f32::NAN), (2, -1.0)].into_iter()), []);
    }
}
