"""People in real browsers: each has a Chromium of their own, a microphone that sings one tone, and a moving camera.

A person is driven as a user would: by the words on the buttons. What they see and hear is measured from the page's
own media elements, and what the connection does from the browser's statistics; nothing of the product is reached
from inside.
"""

from __future__ import annotations

import math
import os
import re
import time
import wave
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakSet

from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from playwright.sync_api import Error as PlaywrightError

from tests.e2e.gauges import busyness
from tests.e2e.overheard import Channel

T = TypeVar("T")

# What a person waits for before they think that it is broken, on a machine that others use too. What comes sooner costs nothing.
expect.set_options(timeout=20_000)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--disable-quic", "--no-first-run",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream=fps=15",
    "--auto-select-desktop-capture-source=Entire screen",
    "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-features=WebRtcHideLocalIpsWithMdns,CalculateNativeWinOcclusion",
]  # fmt: skip

# Remembers every peer connection the page makes and every device it opens, so that they can be asked how they are.
WATCH = """
(() => {
  const Native = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); window.connections.push(this); }
  };
  window.opened = [];
  const devices = navigator.mediaDevices;
  const open = devices?.getUserMedia.bind(devices);
  if (open) devices.getUserMedia = async (...wish) => {
    const stream = await open(...wish);
    window.opened.push(...stream.getTracks());
    return stream;
  };
})();
"""

# The strongest frequency of every stream that the page plays, by element; silence gives none.
HEARD = """
async () => {
  window.ears ??= new Map();
  window.earContext ??= new AudioContext();
  await window.earContext.resume();
  for (const element of document.querySelectorAll('audio, video')) {
    const track = element.srcObject?.getAudioTracks()[0];
    // A track that went away and came again has the name that it had.
    if (!track || element.muted || window.ears.get(track.id)?.track === track) continue;
    const analyser = window.earContext.createAnalyser();
    analyser.fftSize = 8192;
    window.earContext.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    window.ears.set(track.id, { analyser, track });
  }
  const waveOf = (analyser) => {
    const samples = new Float32Array(256);
    analyser.getFloatTimeDomainData(samples);
    return samples.join();
  };
  const before = new Map([...window.ears].map(([id, { analyser }]) => [id, waveOf(analyser)]));
  await new Promise((wake) => setTimeout(wake, 300));
  const heard = [];
  for (const [id, { analyser, track }] of window.ears) {
    if (track.readyState !== 'live') { window.ears.delete(id); continue; }
    // Where nothing comes any more an analyser may stand still, and go on giving what came last.
    if (waveOf(analyser) === before.get(id)) continue;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const best = bins.reduce((top, value, index) => (value > bins[top] ? index : top), 0);
    if (bins[best] > -70) heard.push((best * window.earContext.sampleRate) / analyser.fftSize);
  }
  return heard;
}
"""

# Frames shown so far by every video that somebody else sends. Firefox counts those of a stream in a place of its own.
SHOWN = """
() => [...document.querySelectorAll('video')]
  .filter((v) => v.srcObject && v.videoWidth && !v.closest('[data-self], [role=status]'))
  .map((v) => v.mozPaintedFrames ?? v.getVideoPlaybackQuality().totalVideoFrames)
"""

RECEIVED = """
async () => {
  const total = { frames: 0, audio: 0, cipher: new Set(), frozen: 0 };
  for (const connection of window.connections) {
    if (connection.connectionState === 'closed') continue;
    for (const report of (await connection.getStats()).values()) {
      if (report.type === 'inbound-rtp' && report.kind === 'video') {
        total.frames += report.framesDecoded ?? 0;
        total.frozen += report.freezeCount ?? 0;
      }
      if (report.type === 'inbound-rtp' && report.kind === 'audio') total.audio += report.totalAudioEnergy ?? 0;
      if (report.type === 'transport' && report.srtpCipher) total.cipher.add(report.srtpCipher);
    }
  }
  return { ...total, cipher: [...total.cipher] };
}
"""

# By what each connection in use goes: 'udp' or 'tcp'.
WAYS = """
async () => {
  const ways = [];
  for (const connection of window.connections) {
    if (connection.connectionState === 'closed') continue;
    const stats = await connection.getStats();
    for (const { type, selectedCandidatePairId } of stats.values()) {
      const pair = type === 'transport' && stats.get(selectedCandidatePairId);
      if (pair) ways.push(stats.get(pair.localCandidateId)?.protocol);
    }
  }
  return ways;
}
"""

LEFT_OPEN = """
() => [
  ...window.connections.filter((c) => c.connectionState !== 'closed').map((c) => `a connection, ${c.connectionState}`),
  ...window.opened.filter((track) => track.readyState !== 'ended').map((track) => `${track.kind}: ${track.label}`),
]
"""


STILL_ASKING = re.compile("Waiting for the browser|Browser asks|等待浏览器")


def sing(path: Path, *tones: float) -> Path:
    """A WAV of sine tones, one to a channel, looped by the fake microphone without a click: whole periods, for tones of whole hertz."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(len(tones))
        out.setsampwidth(2)
        out.setframerate(48_000)
        second = (
            int(12_000 * math.sin(2 * math.pi * hz * i / 48_000)) for i in range(48_000) for hz in tones
        )
        out.writeframes(array("h", second).tobytes())
    return path


def small_film(path: Path, width: int = 320, height: int = 180, fps: int = 10) -> Path:
    """A bright bar that walks: what moves can be seen, and costs a third of the browser's own fake camera."""
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for at in range(0, width, width // fps):
            row = bytes(200 if at <= x < at + width // 5 else 60 for x in range(width))
            colour = bytes([100]) * (width * height // 4) + bytes([160]) * (width * height // 4)
            out.write(b"FRAME\n" + row * height + colour)
    return path


def eventually(question: Callable[[], T], why: str, within: float = 15.0, every: float = 0.2) -> T:
    """The first truthy answer; after `within` seconds an AssertionError that says what it still waited for. On a machine that
    is busy with other things, they last longer."""
    began, patience = time.monotonic(), 0.0
    while True:
        answer = question()
        if answer:
            return answer
        waited = time.monotonic() - began
        if waited > within:
            patience = patience or within * min(busyness(), 4)
            if waited > patience:
                raise AssertionError(f"not within {patience:.0f} s: {why}; last answer {answer!r}")
        pause(every)


def seen(page: Page, words: str) -> Locator:
    """Where these words stand for who looks. What is told to a screen reader says them too, some seconds later."""
    return page.get_by_text(words).and_(page.locator(":not([aria-live=polite], [aria-live=assertive])"))


def pause(seconds: float) -> None:
    """In which the scene hears what its pages do: Playwright hands that on in its own calls, and not while Python sleeps."""
    for person in list(PRESENT):
        if not person.page.is_closed():
            with suppress(PlaywrightError):
                return person.page.wait_for_timeout(seconds * 1000)
    time.sleep(seconds)


PRESENT: WeakSet[Person] = WeakSet()


class Person:
    """One person with a browser. Words on the page are English unless the locale says otherwise."""

    def __init__(self, browser: Browser, name: str, hz: float, **context: Any) -> None:
        self.name, self.hz, self.browser = name, hz, browser
        self.context = browser.new_context(
            permissions=["camera", "microphone"], locale=context.pop("locale", "en-GB"),
            viewport=context.pop("viewport", {"width": 1366, "height": 728}), **context,
        )  # fmt: skip
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        PRESENT.add(self)
        self.said: list[str] = []
        self.complained: list[str] = []
        self.channel = Channel(self.page)
        self.page.on("console", self._heard_of)
        self.page.on("pageerror", lambda error: self.complained.append(str(error)))

    def told(self) -> str:
        """What their page shows and complained of: for who reads why a scene failed."""
        try:
            shown = self.page.locator("body").inner_text(timeout=2_000)
        except PlaywrightError as error:
            shown = f"(can't be read: {str(error).splitlines()[0]})"
        words = " · ".join(line.strip() for line in shown.splitlines() if line.strip())
        return "\n".join([f"{self.name} at {self.page.url}: {words[:600]}", *map(str, self.complained[-3:])])

    def _heard_of(self, message: Any) -> None:
        self.said.append(message.text)
        if message.type == "error":
            self.complained.append(message.text)

    # --- what a person does ---------------------------------------------------------------------------------------

    def press(self, words: str, *, exact: bool = True) -> None:
        # A button that is gone by its own press leaves Playwright waiting for what it may have led to.
        self.page.get_by_role("button", name=words, exact=exact).first.click(no_wait_after=True)

    def stops_sharing(self) -> None:
        banner = self.page.get_by_role("status").filter(has_text="You're sharing")
        banner.get_by_role("button", name="Stop sharing").click(no_wait_after=True)
        expect(banner).to_have_count(0)

    def closes(self, layer: Locator) -> None:
        """By one Escape, wherever the focus is; and it is gone before anything else is done."""
        expect(layer).not_to_have_count(0)
        self.page.keyboard.press("Escape")
        expect(layer).to_have_count(0)

    def chooses(self, item: Locator) -> None:
        """A row of a menu, which closes with it: what is pressed next is meant for what was under it."""
        menu = self.page.get_by_role("menu")
        item.click()
        expect(menu).to_have_count(0)

    def opens_tools(self) -> Locator:
        """The host's tools, drawn and ready: their code may come after their frame."""
        self.press("Host tools")
        tools = self.page.get_by_role("dialog", name="Host tools")
        expect(tools.get_by_role("button").first).to_be_visible()
        return tools

    def start_a_meeting(self, address: str, *, camera: bool = True, waiting_room: bool = False) -> str:
        """Opens the home page, starts a meeting, joins it; the invitation link. Whoever has it comes straight in, or waits."""
        self.page.goto(address)
        self.press("Start a meeting")
        self.page.wait_for_url("**/m/**")
        link = self.page.url
        if not waiting_room:
            # By the mouse: a Firefox gives keys to the page that came last, whichever is asked.
            switch = self.page.get_by_role("switch", name="Waiting room")
            self.page.locator("label", has=switch).click()
            expect(switch).not_to_be_checked()
        self.join(camera=camera)
        return link

    def open(self, link: str) -> None:
        self.page.goto(link)

    def join(self, *, camera: bool = True) -> None:
        """From prejoin into the meeting."""
        self.asks_in(camera=camera)
        self.leave_button.wait_for()

    def asks_in(self, *, camera: bool = True) -> None:
        """From prejoin to the meeting's door, whatever it says."""
        field = self.page.get_by_label("Name", exact=False).first
        self.types(field, self.name)
        if camera:
            self.turns_on_the_camera()
        # Who joins while the browser still asks comes in muted.
        expect(self.page.get_by_text(STILL_ASKING)).to_have_count(0)
        self.press("Join")

    def comes_back(self) -> None:
        """From prejoin, which knows the name and the devices by now, and as fast as one can press."""
        self.press("Join")
        self.leave_button.wait_for()

    def turns_on_the_camera(self) -> None:
        """In prejoin, unless it is on: which of the two is known when its button is there."""
        button = self.page.get_by_role("button", name=re.compile("^Turn (on|off) camera$")).first
        if (button.get_attribute("aria-label") or button.inner_text()) == "Turn on camera":
            button.click()

    def opens(self, panel: str) -> None:
        """Chat or People; its button's name says more than that when there is news."""
        self.page.get_by_role("contentinfo").get_by_role("button", name=panel).click()

    def does_with(self, name: str, deed: str) -> None:
        """A deed from the menu of somebody's tile."""
        tile = self.page.get_by_role("gridcell", name=name)
        more = tile.get_by_role("button", name=f"More about {name}")

        def is_offered() -> bool:
            tile.hover()
            return more.is_visible()

        # A tile that finds another place slips away from under the mouse, and its button with it.
        eventually(is_offered, f"{self.name} is offered more about {name}")
        more.click()
        self.chooses(self.page.get_by_role("menuitem", name=deed, exact=True))

    def types(self, field: Locator, words: str) -> None:
        """Key by key: text set from outside is none that React has heard of, in a browser that Playwright did not build."""
        field.click()
        field.press("Control+a")
        field.press_sequentially(words)

    def writes(self, words: str) -> None:
        box = self.page.get_by_role("textbox", name="Message")
        self.types(box, words)
        box.press("Enter")

    @property
    def leave_button(self) -> Any:
        return self.page.get_by_role("button", name="Leave", exact=True).first

    # --- what a person sees and hears -----------------------------------------------------------------------------

    def heard(self) -> list[float]:
        """The tones that are played to this person just now."""
        tones: list[float] = self.page.evaluate(HEARD)
        return tones

    def hears(self, *tones: float, within: float = 20) -> None:
        """Every one of these tones is played to this person, and no stream plays anything else."""

        def missing() -> list[float] | None:
            heard = self.heard()
            lost = [hz for hz in tones if not any(abs(hz - h) < 15 for h in heard)]
            return None if lost else heard

        eventually(lambda: missing() is not None, f"{self.name} hears {tones}", within)

    def sees_moving(self, pictures: int, within: float = 20) -> None:
        """At least so many of the others' pictures move, each decoding at least five new frames."""

        def moving() -> bool:
            before: list[int] = self.page.evaluate(SHOWN)
            self.page.wait_for_timeout(700)
            after: list[int] = self.page.evaluate(SHOWN)
            return (
                len(after) == len(before)
                and sum(b - a >= 5 for a, b in zip(before, after, strict=True)) >= pictures
            )

        eventually(moving, f"{self.name} sees {pictures} moving pictures", within)

    def closes_everything(self, within: float = 15) -> None:
        """No connection is left, and no microphone or camera is open."""
        eventually(
            lambda: self.page.evaluate(LEFT_OPEN) == [], f"{self.name} has left, and nothing is open", within
        )

    def received(self) -> dict[str, Any]:
        totals: dict[str, Any] = self.page.evaluate(RECEIVED)
        return totals

    def ways(self) -> set[str]:
        """What carries this person's connections."""
        return set(self.page.evaluate(WAYS))

    def sees_text(self, text: str, within: float = 20) -> None:
        seen(self.page, text).first.wait_for(timeout=within * 1000)


@contextmanager
def chromium(
    playwright: Playwright,
    folder: Path,
    name: str,
    hz: float,
    program: str = CHROMIUM,
    film: Path | None = None,
    right: float | None = None,
) -> Iterator[Browser]:
    """A Chromium of its own whose microphone sings one tone and whose camera shows that film, gone afterwards.
    With `right` the microphone has two channels, and the second sings that."""
    tones = (hz,) if right is None else (hz, right)
    own = [f"--use-file-for-fake-audio-capture={sing(folder / f'{name}.wav', *tones)}"]
    if film:
        own.append(f"--use-file-for-fake-video-capture={film}")
    browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *own])
    try:
        yield browser
    finally:
        browser.close()


class Ensemble:
    """One browser process for each tone, begun when first wanted, for all scenes. Whoever comes is a browser of their own to
    the page: nothing is kept from one scene to the next, and who comes costs a second and not five."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self.playwright, self.folder = playwright, folder
        self.film = small_film(folder / "camera.y4m")
        self.open: dict[float, tuple[Browser, Any]] = {}

    def singing(self, hz: float) -> Browser:
        browser, _ = self.open.get(hz, (None, None))
        if browser is None or not browser.is_connected():
            running = chromium(self.playwright, self.folder, f"{hz:g} Hz", hz, film=self.film)
            browser = running.__enter__()
            self.open[hz] = browser, running
        return browser

    def end(self) -> None:
        for _, running in self.open.values():
            running.__exit__(None, None, None)


@contextmanager
def person(
    playwright: Playwright,
    folder: Path,
    name: str,
    hz: float,
    program: str = CHROMIUM,
    film: Path | None = None,
    **context: Any,
) -> Iterator[Person]:
    """A person with a browser process of their own."""
    with chromium(playwright, folder, name, hz, program, film) as browser:
        yield Person(browser, name, hz, **context)
