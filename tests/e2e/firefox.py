"""People in Firefox: the same deeds and the same measures as in `people`, in a browser that Playwright did not build."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright
from tools.need_browsers import FIREFOX

from tests.e2e.people import Person

BRIDGE = Path(__file__).with_name("bidi_bridge.py")
NEEDED = pytest.mark.skipif(
    not FIREFOX.is_there(),
    reason=f"NOT TESTED IN FIREFOX: none at {FIREFOX.path}; apt-get install -y {FIREFOX.package}",
)

TONE = 440.0

PREFS: dict[str, str | bool | float] = {
    "media.navigator.streams.fake": True,
    "media.navigator.audio.fake_frequency": int(TONE),
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    # The server is on this machine, and in the tests nowhere else.
    "media.peerconnection.ice.loopback": True,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
}

# A Firefox on a machine without a sound card never lets an AudioContext run, so what is played is recorded and read.
HEARD = """
async () => {
  const played = [...document.querySelectorAll('audio, video')]
    .filter((element) => !element.muted)
    .map((element) => element.srcObject?.getAudioTracks()[0])
    .filter((track) => track?.readyState === 'live');
  const tones = await Promise.all(played.map(async (track) => {
    const recorder = new MediaRecorder(new MediaStream([track]));
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((done) => { recorder.onstop = done; });
    recorder.start();
    await new Promise((wake) => setTimeout(wake, 500));
    recorder.stop();
    await stopped;
    const file = await new Blob(parts).arrayBuffer();
    const reader = new OfflineAudioContext(1, 1, 48000);
    const sound = await reader.decodeAudioData(file).catch(() => null);
    if (!sound || sound.length < 8192) return null;
    const room = new OfflineAudioContext(1, sound.length, 48000);
    const source = new AudioBufferSourceNode(room, { buffer: sound });
    const analyser = new AnalyserNode(room, { fftSize: 8192 });
    source.connect(analyser).connect(room.destination);
    source.start();
    await room.startRendering();
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const best = bins.reduce((top, value, index) => (value > bins[top] ? index : top), 0);
    return bins[best] > -70 ? (best * 48000) / 8192 : null;
  }));
  return tones.filter((tone) => tone !== null);
}
"""


class FirefoxPerson(Person):
    """All who share one Firefox sing its tone; nobody hears themselves, so a tone is the other's."""

    def __init__(self, browser: Browser, name: str, **context: Any) -> None:
        super().__init__(browser, name, TONE, **context)

    def heard(self) -> list[float]:
        tones: list[float] = self.page.evaluate(HEARD)
        return tones


@contextmanager
def unseen_screen() -> Iterator[str | None]:
    """A display that nobody looks at, where there is an Xvfb: without one this browser has no WebGL."""
    program = shutil.which("Xvfb")
    if program is None:
        yield None
        return
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1366x768x24"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def firefox(
    playwright: Playwright, folder: Path, display: str | None = None, **prefs: str | bool | float
) -> Iterator[Browser]:
    """A Firefox, gone afterwards; on that display, or without any."""
    program = folder / "firefox"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{BRIDGE}" "{FIREFOX.path}" "$@"\n')
    program.chmod(0o755)
    browser = playwright.firefox.launch(
        channel="moz-firefox", executable_path=str(program), headless=display is None,
        env={**os.environ, "DISPLAY": display} if display else None,
        firefox_user_prefs={**PREFS, **prefs},
    )  # fmt: skip
    try:
        yield browser
    finally:
        browser.close()
