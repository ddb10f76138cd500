"""One's own picture, sound and window: what is made of them on the device, and that it is what others get.

The camera shows Eileen Collins (NASA, public domain) before a chessboard, so that a person can be told from what is behind
her: what is sharp of the board is counted, and what is sharp of her face.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Playwright, expect

from tests.e2e.conftest import Someone
from tests.e2e.firefox import NEEDED, FirefoxPerson, firefox, unseen_screen
from tests.e2e.people import Person, chromium, eventually
from tests.e2e.test_for_everybody import complaints
from tests.product import Product

# What the microphone beside the camera sings, on each of its channels.
LEFT, RIGHT = 440.0, 1180.0
PHOTOGRAPH = Path(__file__).with_name("person.jpg")

# How much neighbouring points differ: of the board at the left edge, and of her face.
SHARPNESS = """
(video) => {
  if (!video.videoWidth) return null;
  const canvas = new OffscreenCanvas(640, 360);
  const pen = canvas.getContext('2d');
  pen.drawImage(video, 0, 0, 640, 360);
  const of = (x, y, width, height) => {
    const { data } = pen.getImageData(x, y, width, height);
    let sum = 0;
    for (let at = 4; at < data.length; at += 4) sum += Math.abs(data[at + 1] - data[at - 3]);
    return sum / (data.length / 4);
  };
  return { board: of(20, 20, 100, 300), face: of(300, 40, 60, 70) };
}
"""


@pytest.fixture(scope="module")
def camera(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    folder = tmp_path_factory.mktemp("camera")
    film = folder / "person.mjpeg"
    film.write_bytes(PHOTOGRAPH.read_bytes() * 2)
    with chromium(playwright, folder, "Ada", LEFT, film=film, right=RIGHT) as browser:
        yield browser


@pytest.fixture
def ada(camera: Browser) -> Iterator[Person]:
    person = Person(camera, "Ada", 440.0)
    yield person
    person.context.close()


def sharpness(person: Person, video: str) -> dict[str, float]:
    """Of the first such video that shows something."""

    def read() -> dict[str, float] | None:
        found = person.page.locator(video).first
        return found.evaluate(SHARPNESS) if found.count() else None

    return eventually(read, f"{person.name} sees {video}") or {}


def sees(person: Person, video: str, why: str, *, board: bool, face: bool = True) -> None:
    """Whether the board, and the face, are sharp. A blurred one differs from point to point by next to nothing."""

    def is_so() -> bool:
        now = sharpness(person, video)
        return (now["board"] > 8) == board and (now["face"] > 3) == face

    eventually(is_so, f"{person.name}: {why}", 30)


def at_the_door(person: Person, product: Product) -> str:
    person.page.goto(product.address)
    person.press("Start a meeting")
    person.page.wait_for_url("**/m/**")
    person.turns_on_the_camera()
    switch = person.page.get_by_role("switch", name="Waiting room")
    person.page.locator("label", has=switch).click()
    return person.page.url


def chooses_background(person: Person, words: str) -> Any:
    dialog = person.page.get_by_role("dialog", name="Background and picture")
    dialog.get_by_role("radio", name=words, exact=True).click()
    return dialog


PREVIEW = "[data-self] video"
THEIRS = '[role=gridcell]:not([data-self]) video[data-source="camera"]'


def test_a_blurred_background_is_what_is_shown_and_what_is_sent(
    product: Product, ada: Person, someone: Someone
) -> None:
    asked: list[str] = []
    ada.context.on("request", lambda request: asked.append(request.url))
    link = at_the_door(ada, product)
    sees(ada, PREVIEW, "the board is sharp before", board=True)
    ada.press("Background and picture")
    dialog = chooses_background(ada, "Blur")
    sees(ada, PREVIEW, "the board is blurred, the face is not", board=False)
    assert complaints(ada.page) == []
    dialog.get_by_role("button", name="Done").click()
    ada.join()
    bo = someone("Bo")
    bo.open(link)
    bo.join(camera=False)
    sees(bo, THEIRS, "it is what others get", board=False)
    # In the room, by keyboard: a picture of one's own, and then as it is.
    ada.page.get_by_role("contentinfo").get_by_role("button", name="Camera", exact=True).press("Enter")
    item = ada.page.get_by_role("menuitem", name="Background and picture")
    item.press("Enter")
    dialog = ada.page.get_by_role("dialog", name="Background and picture")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}
    )
    expect(dialog.get_by_role("alert")).to_contain_text("isn't a picture")
    dialog.locator("input[type=file]").set_input_files(PHOTOGRAPH)
    expect(dialog.get_by_role("radio", name="Picture person.jpg")).to_be_checked()
    sees(bo, THEIRS, "behind her is the picture she chose", board=True)
    dialog.get_by_role("button", name="Remove picture person.jpg").click()
    sees(bo, THEIRS, "a picture that is gone is a blur", board=False)
    chooses_background(ada, "As it is")
    sees(bo, THEIRS, "as it is", board=True)
    mirrors_as_she_likes(ada, dialog)
    gets_less(bo)
    assert complaints(ada.page) == []
    chooses_background(ada, "Blur")
    ada.closes(dialog)
    has_everything_on(ada)
    # Remembered, also by who comes back.
    ada.page.reload()
    sees(ada, PREVIEW, "it is remembered", board=False)
    assert ada.complained == []
    assert any(url.endswith(".wasm") for url in asked), "what is made on the device came from the server"
    assert {url for url in asked if not url.startswith((product.address, "blob:", "data:"))} == set()


def turns(person: Person, words: str) -> None:
    person.page.locator("label", has=person.page.get_by_role("switch", name=words)).click()


def mirrors_as_she_likes(ada: Person, dialog: Locator) -> None:
    mirrored = dialog.locator("[data-mirrored]")
    expect(mirrored).to_have_count(1)
    turns(ada, "Mirror my picture for me")
    expect(mirrored).to_have_count(0)
    expect(ada.page.locator("html[data-unmirrored]")).to_have_count(1)
    turns(ada, "Mirror my picture for me")


def gets_less(bo: Person) -> None:
    """Who wants little data gets others' cameras in their smallest size, and back."""

    def height() -> int:
        return int(bo.page.locator(THEIRS).first.evaluate("(video) => video.videoHeight"))

    eventually(lambda: height() >= 360, "the whole picture comes", 30)
    bo.page.get_by_role("contentinfo").get_by_role("button", name="Camera", exact=True).click()
    bo.page.get_by_role("menuitem", name="Background and picture").click()
    dialog = bo.page.get_by_role("dialog", name="Background and picture")
    turns(bo, "Use little data")
    eventually(lambda: height() <= 180, "the smallest comes", 30)
    turns(bo, "Use little data")
    eventually(lambda: height() >= 360, "the whole picture comes again", 30)
    bo.closes(dialog)


def test_without_its_model_the_camera_goes_on_and_says_why(
    product: Product, ada: Person, someone: Someone
) -> None:
    ada.page.route(re.compile(r"\.(tflite|wasm)$"), lambda route: route.abort())
    link = at_the_door(ada, product)
    ada.press("Background and picture")
    dialog = chooses_background(ada, "Blur")
    expect(dialog.get_by_text("Your background couldn't be loaded.")).to_be_visible()
    sees(ada, PREVIEW, "what was to be hidden is not shown", board=False, face=False)
    dialog.get_by_role("button", name="Done").click()
    ada.join()
    bo = someone("Bo")
    bo.open(link)
    bo.join(camera=False)
    bo.sees_moving(1)
    sees(bo, THEIRS, "nor is it sent", board=False, face=False)
    ada.page.unroute(re.compile(r"\.(tflite|wasm)$"))
    ada.press("Try again")
    sees(bo, THEIRS, "it comes after all", board=False)
    expect(ada.page.get_by_text("Your background couldn't be loaded.")).to_have_count(0)


# Firefox has no camera that shows a file: a canvas with the photograph stands in for it.
A_PERSON = """(() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const open = devices.getUserMedia.bind(devices);
  const picture = new Image();
  picture.src = 'data:image/jpeg;base64,%s';
  devices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    if (!wish.video) return stream;
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
    const pen = canvas.getContext('2d');
    setInterval(() => pen.drawImage(picture, 0, 0, 640, 360), 100);
    for (const track of stream.getVideoTracks()) { track.stop(); stream.removeTrack(track); }
    stream.addTrack(canvas.captureStream(10).getVideoTracks()[0]);
    return stream;
  };
})()"""


@NEEDED
def test_firefox_films_a_canvas_instead(product: Product, playwright: Playwright, tmp_path: Path) -> None:
    """The model's own buffers want WebGL: without it the whole picture is blurred, and it is said."""
    with unseen_screen() as display, firefox(playwright, tmp_path, display) as browser:
        ada = FirefoxPerson(browser, "Ada")
        ada.context.add_init_script(A_PERSON % b64encode(PHOTOGRAPH.read_bytes()).decode())
        at_the_door(ada, product)
        sees(ada, PREVIEW, "the board is sharp before", board=True)
        ada.press("Background and picture")
        dialog = chooses_background(ada, "Blur")
        expect(dialog.get_by_role("radio", name="Blur", exact=True)).to_be_checked()
        finds_her = bool(ada.page.evaluate("Boolean(document.createElement('canvas').getContext('webgl2'))"))
        assert finds_her == (display is not None)
        sees(
            ada,
            PREVIEW,
            "the board is blurred; her face is not, where the model can find her",
            board=False,
            face=finds_her,
        )
        trouble = dialog.get_by_text("Your background couldn't be loaded.")
        expect(trouble).to_have_count(0 if finds_her else 1)
        moved = "(video) => video.mozPaintedFrames"
        first = ada.page.locator(PREVIEW).first.evaluate(moved)
        eventually(
            lambda: ada.page.locator(PREVIEW).first.evaluate(moved) > first + 5, "the filmed picture moves"
        )
        assert ada.complained == []


SENDS = """
() => window.connections.flatMap((connection) => connection.getSenders())
  .filter(({ track }) => track?.kind === 'audio')
  .map((sender) => sender.getParameters().encodings[0]?.maxBitrate)
"""


def has_everything_on(person: Person) -> None:
    """Beside a blur: noise suppression, a file in the chat, the settings and the small window."""
    chooses_sound(person, "Take noise out")
    person.opens("Chat")
    person.page.locator("input[type=file]").first.set_input_files(PHOTOGRAPH)
    person.press("Send")
    expect(person.page.get_by_role("button", name="Save person.jpg")).to_be_visible()
    more = person.page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True)
    more.click()
    person.page.get_by_role("menuitem", name="Settings", exact=True).click()
    settings = person.page.get_by_role("dialog", name="Settings")
    expect(settings.get_by_role("link", name="Privacy")).to_be_visible()
    person.closes(settings)
    more.click()
    person.page.get_by_role("menuitem", name="Open the small window").click()
    eventually(
        lambda: person.page.evaluate("Boolean(globalThis.documentPictureInPicture?.window)"),
        "the small window is there",
    )


def chooses_sound(person: Person, words: str) -> None:
    bar = person.page.get_by_role("contentinfo")
    bar.get_by_role("button", name="Microphone and speaker", exact=True).click()
    person.chooses(person.page.get_by_role("menuitemradio", name=words))


def test_noise_is_taken_out_and_music_is_left_alone(two: tuple[Person, Person]) -> None:
    """A tone that never changes is noise to a filter, and music to who plays it."""
    ada, bo = two
    bo.hears(ada.hz)
    chooses_sound(ada, "Take noise out")
    eventually(lambda: bo.heard() == [], "the tone is taken out")
    chooses_sound(ada, "Original sound")
    bo.hears(ada.hz)
    eventually(lambda: 128_000 in ada.page.evaluate(SENDS), "it goes out as music does")
    chooses_sound(ada, "As usual")
    bo.hears(ada.hz)
    eventually(lambda: 128_000 not in ada.page.evaluate(SENDS), "and as speech again")
    assert ada.complained == []


# What the page keeps to play it.
KEPT = """
(() => {
  window.kept = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    window.kept.push(blob);
    return make(blob);
  };
})();
"""
STRONGEST = """
async () => {
  const file = await window.kept.at(-1).arrayBuffer();
  const sound = await new OfflineAudioContext(1, 1, 48000).decodeAudioData(file);
  const room = new OfflineAudioContext(1, sound.length, 48000);
  const analyser = new AnalyserNode(room, { fftSize: 8192 });
  const source = new AudioBufferSourceNode(room, { buffer: sound });
  source.connect(analyser).connect(room.destination);
  source.start();
  await room.startRendering();
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const best = bins.reduce((top, value, index) => (value > bins[top] ? index : top), 0);
  return { hz: best * 48000 / 8192, seconds: sound.duration };
}
"""


def hears_themselves(person: Person) -> Locator:
    """From the menu beside Mute to what was found."""
    bar = person.page.get_by_role("contentinfo")
    bar.get_by_role("button", name="Microphone and speaker", exact=True).click()
    person.chooses(person.page.get_by_role("menuitem", name="Hear yourself"))
    dialog = person.page.get_by_role("dialog", name="Hear yourself")
    expect(dialog.get_by_text("Say something now")).to_be_visible()
    return dialog


PLUGGED = """
(isIn) => {
  const devices = navigator.mediaDevices;
  window.listed ??= devices.enumerateDevices.bind(devices);
  const made = (kind) => ({ deviceId: `headset ${kind}`, groupId: 'headset', kind, label: 'Red headset' });
  devices.enumerateDevices = async () =>
    [...await window.listed(), ...(isIn ? [made('audioinput'), made('audiooutput')] : [])];
  devices.dispatchEvent(new Event('devicechange'));
}
"""


def a_headset_comes_and_goes(person: Person) -> None:
    person.page.evaluate(PLUGGED, True)
    person.sees_text("The sound comes from Red headset now.")
    person.page.evaluate(PLUGGED, False)
    person.sees_text("Red headset is gone.")


def before_one_is_in(person: Person) -> None:
    """By the server where a way leads there; else the microphone alone, and that is said."""
    person.press("Hear yourself")
    dialog = person.page.get_by_role("dialog", name="Hear yourself")
    expect(dialog.get_by_text("You're not in yet: nobody else hears it.")).to_be_visible()
    expect(dialog.get_by_text("That's how others hear you")).to_be_visible()
    assert abs(person.page.evaluate(STRONGEST)["hz"] - person.hz) < 15
    assert complaints(person.page) == []
    person.page.route("**/api/line-check", lambda route: route.abort())
    dialog.get_by_role("button", name="Once more").click()
    expect(dialog.get_by_text("That's your microphone, on this device alone")).to_be_visible()
    assert abs(person.page.evaluate(STRONGEST)["hz"] - person.hz) < 15
    person.page.unroute("**/api/line-check")
    person.closes(dialog)
    person.page.evaluate("window.kept.length = 0")
    person.complained.clear()  # of the answer that was withheld


def test_one_hears_oneself_by_way_of_the_server(product: Product, someone: Someone) -> None:
    ada = someone("Ada")
    ada.page.add_init_script(KEPT)
    at_the_door(ada, product)
    before_one_is_in(ada)
    ada.join()
    ada.press("Stop video")
    dialog = hears_themselves(ada)
    expect(dialog.get_by_text("The others hear it as well.")).to_be_visible()
    expect(dialog.get_by_text("That's how others hear you")).to_be_visible()
    sound = ada.page.evaluate(STRONGEST)
    assert abs(sound["hz"] - ada.hz) < 15 and 2 < sound["seconds"] < 6
    assert complaints(ada.page) == []
    ada.closes(dialog)
    eventually(
        lambda: (
            len(ada.page.evaluate("window.connections.filter((c) => c.connectionState !== 'closed')")) == 1
        ),
        "nothing but the meeting's own connection is left",
    )
    a_headset_comes_and_goes(ada)
    # Muted, it is opened for this alone, and the meeting hears nothing of it.
    ada.press("Mute microphone")
    dialog = hears_themselves(ada)
    expect(dialog.get_by_text("nobody else hears it")).to_be_visible()
    ada.closes(dialog)
    expect(ada.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    assert ada.complained == []


# The strongest tone of each channel of what somebody else sends; of one channel, both are the same.
CHANNELS = """
async () => {
  const track = [...document.querySelectorAll('audio')].map((each) => each.srcObject?.getAudioTracks()[0])
    .find((each) => each?.readyState === 'live');
  if (!track) return [];
  const audio = window.pair ??= new AudioContext();
  await audio.resume();
  const split = new ChannelSplitterNode(audio, { numberOfOutputs: 2 });
  audio.createMediaStreamSource(new MediaStream([track])).connect(split);
  const ears = [0, 1].map((channel) => {
    const ear = new AnalyserNode(audio, { fftSize: 8192 });
    split.connect(ear, channel);
    return ear;
  });
  await new Promise((wake) => setTimeout(wake, 300));
  split.disconnect();
  return ears.map((ear) => {
    const bins = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(bins);
    const at = (hz) => bins[Math.round(hz * ear.fftSize / audio.sampleRate)];
    return [at(440), at(1180)];
  });
}
"""
# By how much a channel has its own tone louder than the other's, in dB.
APART_DB = 20.0


def are_apart(hearer: Person) -> bool:
    ears: list[list[float]] = hearer.page.evaluate(CHANNELS)
    if not ears:
        return False
    (left, right_in_left), (left_in_right, right) = ears
    return left - right_in_left > APART_DB and right - left_in_right > APART_DB


SAID_OF_OPUS = """
(side) => window.connections
  .map((each) => each[side]?.sdp ?? '')
  .flatMap((sdp) => sdp.split(String.fromCharCode(10)))
  .filter((line) => line.startsWith('a=fmtp:') && line.includes('minptime')).join()
"""


def test_original_sound_is_heard_with_left_and_right_apart(
    product: Product, ada: Person, someone: Someone
) -> None:
    """What the device gives, what is asked of the server, what it says, what the other browser plays: all have two channels."""
    bo = someone("Bo")
    bo.open(ada.start_a_meeting(product.address, camera=False))
    bo.join(camera=False)
    bo.page.get_by_role("contentinfo").wait_for()
    assert not are_apart(bo)
    chooses_sound(ada, "Original sound")
    eventually(lambda: are_apart(bo), "Bo hears left on the left and right on the right", 20)
    assert "stereo=1" in ada.page.evaluate(SAID_OF_OPUS, "remoteDescription")
    eventually(lambda: 128_000 in ada.page.evaluate(SENDS), "at the rate of music")
    chooses_sound(ada, "As usual")
    eventually(lambda: bo.page.evaluate(CHANNELS) and not are_apart(bo), "speech is one channel again")
    assert ada.complained + bo.complained == []


# What the browser may ask of the page: `asked` has it by name.
ASKED = """(() => {
  window.asked = {};
  const set = navigator.mediaSession.setActionHandler.bind(navigator.mediaSession);
  navigator.mediaSession.setActionHandler = (name, run) => { set(name, run); window.asked[name] = run; };
})()"""


def small_window_is(person: Person, there: bool) -> None:
    eventually(
        lambda: person.page.evaluate("Boolean(globalThis.documentPictureInPicture?.window)") == there,
        f"the small window is {'' if there else 'not '}there",
    )


def test_whoever_wants_it_has_the_small_window_when_the_tab_is_left(
    product: Product, someone: Someone
) -> None:
    """Chosen before the meeting, in the settings; Chromium asks for it when the tab is left, and asks nobody where it isn't wanted."""
    ada = someone("Ada")
    ada.page.add_init_script(ASKED)
    ada.start_a_meeting(product.address, camera=False)
    assert not ada.page.evaluate("window.asked.enterpictureinpicture")
    ada.page.get_by_role("contentinfo").get_by_role("button", name="More", exact=True).click()
    ada.page.get_by_role("menuitem", name="Settings", exact=True).click()
    settings = ada.page.get_by_role("dialog", name="Settings")
    switch = settings.get_by_role("switch", name="Small window")
    switch.press("Space")
    ada.closes(settings)
    ada.page.evaluate("window.asked.enterpictureinpicture()")
    small_window_is(ada, True)
    ada.page.evaluate(f"({IN_SMALL})('Back').click()")
    small_window_is(ada, False)
    ada.page.reload()
    ada.comes_back()
    eventually(lambda: ada.page.evaluate("Boolean(window.asked.enterpictureinpicture)"), "it is remembered")


IN_SMALL = "(words) => [...documentPictureInPicture.window.document.querySelectorAll('button')].find((b) => b.innerText === words)"


def test_the_small_window_has_the_speaker_mute_and_the_way_back(two: tuple[Person, Person]) -> None:
    ada, bo = two
    ada.does_with("Bo", "Volume: 100%")
    dialog = ada.page.get_by_role("dialog", name="How loud Bo is")
    slider = dialog.get_by_role("slider")
    slider.press("End")
    expect(dialog.get_by_text("200%")).to_be_visible()
    ada.hears(bo.hz)
    assert complaints(ada.page) == []
    slider.press("Home")
    eventually(
        lambda: ada.page.evaluate(
            "[...document.querySelectorAll('audio')].every((each) => each.volume === 0)"
        ),
        "Bo is silent for Ada",
    )
    dialog.get_by_role("button", name="As it is (100%)").click()
    ada.closes(dialog)
    ada.hears(bo.hz)
    ada.page.get_by_role("contentinfo").get_by_role("button", name="More").first.click()
    ada.page.get_by_role("menuitem", name="Open the small window").click()
    eventually(
        lambda: ada.page.evaluate(
            f"Boolean(globalThis.documentPictureInPicture?.window && ({IN_SMALL})('Mute'))"
        ),
        "the small window is there",
    )
    seen = "(() => { const video = documentPictureInPicture.window.document.querySelector('video'); return video && video.videoWidth > 0 && !video.paused; })()"
    eventually(lambda: ada.page.evaluate(seen), "it shows Bo")
    ada.page.evaluate(f"({IN_SMALL})('Mute').click()")
    expect(ada.page.get_by_role("button", name="Unmute microphone")).to_be_visible()
    ada.page.evaluate(f"({IN_SMALL})('Back').click()")
    eventually(lambda: ada.page.evaluate("documentPictureInPicture.window === null"), "it is gone")
    assert ada.complained == []


FILMED = """window.opened.filter((track) => track.kind === 'video' && track.readyState === 'live')
  .map((track) => track.getSettings().height)"""


def test_a_camera_films_as_large_as_its_owner_likes(
    product: Product, playwright: Playwright, tmp_path: Path
) -> None:
    """Her film has one size; the browser's own test picture comes in each."""
    with chromium(playwright, tmp_path, "Eve", 440) as browser:
        eve = Person(browser, "Eve", 440)
        eve.start_a_meeting(product.address)
        assert eve.page.evaluate(FILMED) == [720]
        eve.page.get_by_role("contentinfo").get_by_role("button", name="Camera", exact=True).press("Enter")
        eve.page.get_by_role("menuitem", name="Background and picture").press("Enter")
        switch = eve.page.get_by_role("switch", name="HD video")

        def films(height: int) -> bool:
            return bool(eve.page.evaluate(FILMED) == [height])

        for height in (360, 720):
            eve.page.locator("label", has=switch).click()
            eventually(partial(films, height), f"{height} lines are filmed")
        assert eve.complained == []
