"""The budgets of the client that a screen must keep, as gates. Sizes and requests are web/tools/budget.js's.

Whatever can be told in CPU time is (gauges.py): then a budget holds or doesn't, whoever else uses the machine. What only
a clock on the wall tells is no gate, because it would measure the machine's neighbours: how long from Join to the first
sound and picture (`make bench`), and two hours in a call of 25. What takes time runs alone all the same, for caches are shared;
what counts elements, frames and what is left over says the same beside others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.e2e.crowd import crowd, tell_of
from tests.e2e.gauges import CORE, SLOWDOWN, Gauge, busyness, middle, p95, tasks, within
from tests.e2e.people import Person, chromium, eventually
from tests.product import Product

Record = Callable[[str, object], None]

ROUND_TRIP_MS, BITS_A_MS = 40, 10_000
"""The line of the budget: 40 ms, 10 Mbit/s."""

PREJOIN = """
new MutationObserver(() => {
  const join = [...document.querySelectorAll('button[type=submit]')].find((b) => b.textContent.trim() === 'Join');
  if (join && !join.disabled && !window.canJoin) { window.canJoin = true; performance.mark('can join'); }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""

COMMITS = """
window.commits = 0;
window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
  supportsFiber: true, renderers: new Map(), inject: () => 1,
  onCommitFiberRoot: () => { window.commits += 1; }, onCommitFiberUnmount() {}, onPostCommitFiberRoot() {},
};
"""

RELAYOUTS = 20
RELAYOUT = f"""
async () => {{
  const main = document.querySelector('main');
  const heights = new Set();
  for (let turn = 1; turn <= {RELAYOUTS}; turn += 1) {{
    main.style.paddingBottom = `${{10 + (turn % 2) * 7}}px`;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    heights.add(document.querySelector('[role=gridcell]').offsetHeight);
  }}
  return heights.size;
}}
"""

FRAMES = 60
SCROLL = f"""
async () => {{
  const list = document.querySelector('aside [data-scrolls]');
  const by = list.scrollTop > 0 ? -200 : 200;
  let most = 0;
  for (let frame = 0; frame < {FRAMES}; frame += 1) {{
    list.scrollTop += by;
    await new Promise(requestAnimationFrame);
    most = Math.max(most, document.querySelectorAll('aside *').length);
  }}
  return most;
}}
"""

# The microphone's sound as it goes to the encoder, 10 ms at a time: when the last of it was not silence. And what is
# true when a press on Mute has been handled, and a frame later.
PRESSES = """
window.presses = [];
const track = window.connections.flatMap((c) => c.getSenders()).find((s) => s.track?.kind === 'audio').track;
window.sound = { lag: Infinity, loudUntil: 0 };
void (async () => {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  for (;;) {
    const { value: piece, done } = await reader.read();
    if (done) return;
    const samples = new Float32Array(piece.numberOfFrames);
    piece.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    const end = (piece.timestamp + piece.duration) / 1000;
    piece.close();
    // The sound has a clock of its own; the quickest that a piece ever came is what lies between the two.
    sound.lag = Math.min(sound.lag, performance.now() - end);
    if (samples.some((sample) => Math.abs(sample) > 0.001)) sound.loudUntil = end;
  }
})();
addEventListener('pointerup', (event) => {
  const button = event.target.closest('button[aria-label="Mute microphone"]');
  if (!button) return;
  const press = {};
  window.presses.push(press);
  press.handled = new Promise((handled) => setTimeout(() => {
    press.enabled = track.enabled;
    press.at = performance.now();
    handled();
  }));
  press.drawn = new Promise((drawn) => requestAnimationFrame(() => {
    press.label = button.getAttribute('aria-label');
    drawn();
  }));
}, true);
"""

# What was on its way has arrived a while later.
PRESSED = """
async () => {
  const press = presses.at(-1);
  await Promise.all([press.handled, press.drawn, new Promise((wake) => setTimeout(wake, 300))]);
  return { ...press, leak: sound.loudUntil - (press.at - sound.lag) };
}
"""

WATCHED = """
window.frames_asked = 0;
const ask = window.requestAnimationFrame;
window.requestAnimationFrame = (run) => { window.frames_asked += 1; return ask.call(window, run); };
window.told = [];
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (...data) {
  if (!this.url.includes('/rtc')) window.told.push(this.url.split('?')[0]);
  return send.apply(this, data);
};
const fetching = window.fetch;
window.fetch = (...wish) => { window.told.push(String(wish[0]?.url ?? wish[0])); return fetching(...wish); };
"""

BYTES_OF_PICTURES = """
async () => {
  let bytes = 0;
  for (const connection of window.connections)
    for (const report of (await connection.getStats()).values())
      if (report.type === 'inbound-rtp' && report.kind === 'video') bytes += report.bytesReceived;
  return bytes;
}
"""


FLOODED = """
window.channels = [];
const Opened = window.WebSocket;
window.WebSocket = class extends Opened {
  constructor(...wish) {
    super(...wish);
    if (this.url.includes('/channel')) window.channels.push(this);
  }
};
"""

# As if the server let everybody through who writes: a message a frame, each in a task of its own. @returns pictures drawn
FLOOD = """
async ([rate, seconds]) => {
  const [socket, pipe, began] = [channels.at(-1), new MessageChannel(), performance.now()];
  let [sent, drawn, isOver] = [0, 0, false];
  const draws = () => { drawn += 1; if (!isOver) requestAnimationFrame(draws); };
  requestAnimationFrame(draws);
  pipe.port2.onmessage = ({ data }) => socket.dispatchEvent(new MessageEvent('message', { data }));
  await new Promise((done) => {
    const timer = setInterval(() => {
      const due = Math.min(seconds * rate, ((performance.now() - began) / 1000) * rate);
      for (; sent < due; sent += 1) {
        const [by, id] = [`flooder-${sent % 40}`, `flood-${sent}`];
        const payload = { id, name: `Flooder ${sent % 40}`, text: `Flood ${sent}: ` + 'word by word '.repeat(sent % 7) };
        const at = new Date().toISOString();
        pipe.port1.postMessage(JSON.stringify({ event: { seq: 1e9 + sent, at, feature: 'chat', type: 'sent', by, payload } }));
      }
      if (sent < seconds * rate) return;
      clearInterval(timer);
      pipe.port2.onmessage = ({ data }) => { socket.dispatchEvent(new MessageEvent('message', { data })); if (data === '') done(); };
      pipe.port1.postMessage('');
    }, 4);
  });
  isOver = true;
  return { drawn, seconds: (performance.now() - began) / 1000 };
}
"""


@pytest.fixture(scope="module")
def laptop(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a camera as large as a laptop's, which the budgets are about."""
    with chromium(playwright, tmp_path_factory.mktemp("laptop"), "laptop", 440) as browser:
        yield browser


@pytest.fixture
def ada(laptop: Browser) -> Iterator[Person]:
    ada = Person(laptop, "Ada", 440)
    yield ada
    ada.context.close()


@pytest.fixture
def ada_at_a_desk(laptop: Browser) -> Iterator[Person]:
    """With a large screen."""
    ada = Person(laptop, "Ada", 440, viewport={"width": 1920, "height": 1040})
    yield ada
    ada.context.close()


@pytest.mark.alone
def test_prejoin_can_be_used_soon_on_a_slow_laptop(
    product: Product, ada: Person, tmp_path: Path, record_property: Record
) -> None:
    """1.5 s from an empty cache. The line's part is reckoned from what was asked for and when, the laptop's from the
    time that the main thread ran until Join could be pressed."""
    link = ada.start_a_meeting(product.address, camera=False)
    figures: list[float] = []

    def cold() -> float:
        context = ada.browser.new_context(locale="en-GB")
        context.add_init_script(PREJOIN)
        page = context.new_page()
        file = tmp_path / "prejoin.json"
        ada.browser.start_tracing(page=page, path=file, categories=TRACED)
        page.goto(link)
        eventually(lambda: page.evaluate("window.canJoin"), "Join can be pressed", every=0.05)
        ada.browser.stop_tracing()
        entries = page.evaluate(
            "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
            ".map((e) => [e.startTime, e.responseEnd, e.transferSize])"
        )
        usable = page.evaluate("performance.getEntriesByName('can join')[0].startTime")
        context.close()
        line = on_the_line([entry for entry in entries if entry[0] < usable])
        laptop = SLOWDOWN * sum(tasks(json.loads(file.read_text())["traceEvents"], until="can join"))
        figures.append(line + laptop)
        return line + laptop

    best = within(1_500, lambda: middle([cold() for _ in range(3)]))
    record_property("prejoin_ms", figures)
    assert best <= 1_500


def on_the_line(entries: list[list[float]]) -> float:
    """A wave is what waits for what came before; each costs a round trip, and so do the first connection and those that
    are opened beside it."""
    waves: list[tuple[float, int]] = []
    for start, end, _ in sorted(entries):
        waves.append((end, 1 + max((wave for before, wave in waves if before <= start), default=0)))
    depth = max(wave for _, wave in waves)
    return (depth + 2) * ROUND_TRIP_MS + sum(size for *_, size in entries) * 8 / BITS_A_MS


TRACED = ["toplevel", "disabled-by-default-devtools.timeline", "blink.user_timing"]


@pytest.mark.alone
def test_nothing_on_the_way_in_holds_the_page_up(
    product: Product, ada: Person, tmp_path: Path, record_property: Record
) -> None:
    """From the press on Join to the first picture of somebody else, on a page that was never in a meeting: no task over
    150 ms on a laptop four times slower."""
    link = ada.start_a_meeting(product.address)
    worst: list[float] = []

    def arrival() -> float:
        context = ada.browser.new_context(locale="en-GB", permissions=["camera", "microphone"])
        page = context.new_page()
        page.goto(link)
        page.get_by_label("Your name").fill("Bo")
        # People look at themselves before they press; by then all that the room needs is there.
        page.get_by_role("button", name="Turn off microphone").wait_for()
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="Join", exact=True).hover()
        with Gauge(page).traced(tmp_path / "arrival.json") as trace:
            page.mouse.down()
            page.mouse.up()
            page.locator("[role=gridcell]:not([data-self]) video[data-live]").wait_for(timeout=20_000)
        context.close()
        worst.append(SLOWDOWN * trace.longest)
        return worst[-1]

    best = within(150 * CORE, arrival, tries=6)
    record_property("longest_task_on_the_way_in_ms", worst)
    assert best <= 150 * CORE


@pytest.mark.alone
def test_twenty_five_tiles_cost_little_while_nothing_happens(
    product: Product, ada: Person, tmp_path: Path, record_property: Record
) -> None:
    """24 people with connections of their own, three of whom speak all the time."""
    ada.context.add_init_script(COMMITS)
    link = ada.start_a_meeting(product.address)
    with crowd(product.address, link, 24, speaking=3):
        expect(ada.page.get_by_role("gridcell")).to_have_count(25, timeout=30_000)
        expect(ada.page.locator("[role=gridcell][data-speaking]").first).to_be_visible()
        gauge = Gauge(ada.page)

        def rest() -> dict[str, float]:
            before = ada.page.evaluate("commits")
            with gauge.traced(tmp_path / "rest.json") as trace, gauge.during() as cost:
                ada.page.wait_for_timeout(10_000)
            return {
                "commits_a_second": (ada.page.evaluate("commits") - before) / cost.wall * 1000,
                "share_of_a_core": cost.total / cost.wall,
                "of_it_script": cost.script / cost.wall,
                "of_it_style_and_layout": cost.style_and_layout / cost.wall,
                "tasks_over_50_ms": sum(task > 50 for task in trace.tasks),
                "longest_task_ms": trace.longest,
            }

        def too_much(figures: dict[str, float]) -> bool:
            # A call that has just begun still settles; one that goes on doing so is too dear.
            return (
                figures["commits_a_second"] > 2
                or figures["share_of_a_core"] > 0.15
                or figures["tasks_over_50_ms"] > 1
                or figures["longest_task_ms"] > 100
            )

        figures = rest()
        while_tries = 2
        while too_much(figures) and while_tries:
            figures, while_tries = rest(), while_tries - 1
        nodes = ada.page.evaluate("document.querySelectorAll('*').length")
        tile = ada.page.evaluate(
            "Math.max(...[...document.querySelectorAll('[role=gridcell]')]"
            ".map((tile) => tile.querySelectorAll('*').length + 1))"
        )
    record_property("at_rest", {**figures, "elements": nodes, "elements_a_tile": tile})
    assert not too_much(figures), figures
    assert nodes <= 2_500
    assert tile <= 40


@pytest.mark.alone
def test_forty_nine_tiles_find_their_places_within_a_frame(
    product: Product, ada_at_a_desk: Person, record_property: Record
) -> None:
    ada = ada_at_a_desk
    tell_of(ada.context, people=48)
    ada.start_a_meeting(product.address, camera=False)
    ada.press("View")
    ada.page.get_by_role("menuitemradio", name="49").click()
    expect(ada.page.get_by_role("gridcell")).to_have_count(49)
    gauge = Gauge(ada.page)
    figures: list[float] = []

    def layout() -> float:
        with gauge.during() as cost:
            assert ada.page.evaluate(RELAYOUT) == 2, "the tiles did not change their size"
        figures.append((cost.script + cost.style_and_layout) / RELAYOUTS)
        return figures[-1]

    best = within(8 * CORE, layout, tries=10)
    record_property("layout_of_49_ms", figures)
    assert best <= 8 * CORE


@pytest.mark.alone
def test_mute_shows_at_once_and_silences_the_wire_at_once(
    two: tuple[Person, Person], record_property: Record
) -> None:
    """The icon within 50 ms: it has changed when the next frame is drawn, and what is done for it takes less. Silence
    within 100 ms: what is done until the microphone is off, and how much of its sound still comes after that."""
    ada, bo = two
    ada.hears(bo.hz)
    bo.page.evaluate(PRESSES)
    gauge = Gauge(bo.page)
    mute = bo.page.get_by_role("button", name="Mute microphone")
    unmute = bo.page.get_by_role("button", name="Unmute microphone")
    figures: list[dict[str, float]] = []

    def silence() -> float:
        costs, leaks = [], []
        for _ in range(20):
            before = bo.page.evaluate("sound.loudUntil")
            eventually(lambda at=before: bo.page.evaluate("sound.loudUntil") > at, "Bo is heard", every=0.05)  # type: ignore[misc]
            mute.hover()
            with gauge.during() as cost:
                bo.page.mouse.down()
                bo.page.mouse.up()
                unmute.wait_for()
            press = bo.page.evaluate(PRESSED)
            assert press["enabled"] is False, "the microphone was still on when the press had been handled"
            assert press["label"] == "Unmute microphone", "the icon had not changed by the next frame"
            costs.append(cost.total)
            leaks.append(cost.total + max(0, press["leak"]))
            unmute.click()
            mute.wait_for()
        figures.append({"icon": p95(costs), "silence": p95(leaks)})
        return p95(leaks)

    best = within(100 * CORE, silence)
    record_property("mute_ms", figures)
    assert min(figure["icon"] for figure in figures) <= 50 * CORE
    assert best <= 100 * CORE


ROUNDS = int(os.environ.get("ROUNDS", "10"))
"""Of joining and leaving. The budget speaks of 50, which `make rounds` does; fewer may keep no more for each."""
GROWTH_MB = 10 * ROUNDS / 50


@pytest.mark.timeout(180 + 20 * ROUNDS)
def test_who_joins_and_leaves_again_and_again_leaves_nothing_behind(
    product: Product, ada: Person, record_property: Record
) -> None:
    link = ada.start_a_meeting(product.address)
    # Not a Person's page: that one remembers every connection and every track for its questions.
    context = ada.browser.new_context(locale="en-GB", permissions=["camera", "microphone"])
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Your name").fill("Bo")
    if (camera := page.get_by_role("button", name="Turn on camera")).count():
        camera.first.click()
    gauge = Gauge(page)

    def stay() -> None:
        page.get_by_role("button", name="Join", exact=True).click()
        page.locator("[role=gridcell]:not([data-self]) video[data-live]").wait_for(timeout=20_000)
        page.get_by_role("contentinfo").get_by_role("button", name="Chat").click()
        page.get_by_role("contentinfo").get_by_role("button", name="People").click()
        # Not `click`: the button is gone before Playwright has seen that it was pressed, and it waits for another.
        page.get_by_role("button", name="Leave", exact=True).hover()
        page.mouse.down()
        page.mouse.up()
        page.get_by_role("button", name="Rejoin").wait_for()

    def left_over() -> dict[str, int]:
        return {
            "detached videos": gauge.alive("HTMLVideoElement", "(video) => !video.isConnected"),
            "live tracks": gauge.alive("MediaStreamTrack", "(track) => track.readyState === 'live'"),
            "connections": gauge.alive("RTCPeerConnection"),
        }

    for _ in range(3):  # what is made once and kept is no leak
        stay()
        page.get_by_role("button", name="Rejoin").click()
    before = gauge.heap()
    for turn in range(ROUNDS):
        stay()
        if turn < ROUNDS - 1:
            page.get_by_role("button", name="Rejoin").click()
    nothing = {"detached videos": 0, "live tracks": 0, "connections": 0}
    eventually(lambda: left_over() == nothing, "everything is gone", within=20)
    contexts = gauge.alive("AudioContext", "(context) => context.state !== 'closed'")
    page.get_by_role("button", name="Rejoin").click()  # the page that `before` was measured on
    page.get_by_role("button", name="Join", exact=True).wait_for()
    growth = within(GROWTH_MB, lambda: gauge.heap() - before)
    record_property("after_rounds", {"rounds": ROUNDS, "heap_mb": growth, "audio_contexts": contexts})
    context.close()
    assert contexts <= 1
    assert growth <= GROWTH_MB


@contextmanager
def a_long_meeting(ada: Person, product: Product, panel: str) -> Iterator[Page]:
    """5,000 messages and 1,000 people, by name only: see crowd.py."""
    tell_of(ada.context, people=1_000, messages=5_000)
    ada.start_a_meeting(product.address, camera=False)
    ada.opens(panel)
    ada.page.locator("aside [data-row]").first.wait_for()
    yield ada.page


@pytest.mark.alone
@pytest.mark.parametrize("panel", ["Chat", "People"])
def test_a_long_list_is_light_and_scrolls_smoothly(
    product: Product, ada: Person, record_property: Record, panel: str
) -> None:
    """At most 400 elements, and no more work for a frame than 55 frames a second leave room for."""
    with a_long_meeting(ada, product, panel) as page:
        gauge = Gauge(page)
        figures: list[float] = []
        most = 0

        def frame() -> float:
            nonlocal most
            with gauge.during() as cost:
                most = max(most, page.evaluate(SCROLL))
            figures.append(cost.total / FRAMES)
            return figures[-1]

        best = within(CORE * 1000 / 55, frame)
        record_property(f"scrolling_{panel.lower()}", {"elements": most, "ms_a_frame": figures})
        assert most <= 400
        assert best <= CORE * 1000 / 55


@pytest.mark.alone
def test_h51_a_flood_in_the_chat_leaves_thirty_pictures_a_second(
    product: Product, ada: Person, record_property: Record
) -> None:
    """A thousand messages a second, as from forty people whom no bucket holds back, into an open chat."""
    ada.context.add_init_script(FLOODED)
    ada.start_a_meeting(product.address, camera=False)
    ada.opens("Chat")
    page, gauge = ada.page, Gauge(ada.page)
    log = page.get_by_role("log", name="Chat")
    log.wait_for()
    with gauge.during() as cost:
        flood = page.evaluate(FLOOD, [1_000, 4])
    expect(log.get_by_text("Flood 3999:")).to_be_in_viewport()
    others = busyness()
    figures = {**flood, "share_of_a_core": cost.total / cost.wall, "busyness": others}
    record_property("flooded", figures)
    assert flood["drawn"] / flood["seconds"] * others >= 30, figures
    assert flood["seconds"] <= 4.5 * others, f"what came is shown late: {figures}"


def test_a_long_chat_opens_at_its_end_and_keeps_ones_place(product: Product, ada: Person) -> None:
    with a_long_meeting(ada, product, "Chat") as page:
        log = page.get_by_role("log", name="Chat")
        expect(log.get_by_text("Message 4999:")).to_be_in_viewport()
        page.keyboard.press("Tab")
        ada.writes("the newest")
        expect(log.get_by_text("the newest").last).to_be_in_viewport()
        log.focus()
        page.keyboard.press("Home")
        expect(log.get_by_text("Message 0:")).to_be_in_viewport()
        expect(log.get_by_role("article").first).to_have_attribute("aria-posinset", "1")
        ada.writes("another one")  # who reads above is not torn away
        expect(log.get_by_text("Message 0:")).to_be_in_viewport()
        log.focus()
        page.keyboard.press("End")
        expect(log.get_by_text("another one").last).to_be_in_viewport()


def test_a_thousand_people_are_walked_through_with_the_keyboard(product: Product, ada: Person) -> None:
    with a_long_meeting(ada, product, "People") as page:
        guests = page.get_by_role("region", name="Guests")
        row = guests.get_by_role("listitem").filter(has_text="Person 0000")
        expect(row).to_have_attribute("aria-setsize", "1000")
        row.get_by_role("button").focus()
        for _ in range(40):
            page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_accessible_name("More about Person 0040")
        expect(focused).to_be_in_viewport()
        # Scrolled away with the wheel, it still is where the keyboard is.
        guests.hover()
        page.mouse.wheel(0, 20_000)
        expect(guests.get_by_text("Person 0039")).to_have_count(0)
        expect(focused).to_have_accessible_name("More about Person 0040")
        page.keyboard.press("Shift+Tab")
        expect(page.locator(":focus")).to_be_in_viewport()


def test_a_hidden_tab_takes_no_pictures_draws_nothing_and_tells_nobody(
    two: tuple[Person, Person], record_property: Record
) -> None:
    """What the forwarding server is asked for does change, for it must stop sending pictures; it goes to nobody else."""
    ada, bo = two
    ada.sees_moving(1)
    ada.hears(bo.hz)
    ada.page.evaluate(WATCHED)
    ada.page.evaluate(HIDDEN, True)

    def pictures() -> int:
        bytes: int = ada.page.evaluate(BYTES_OF_PICTURES)
        return bytes

    def still() -> bool:
        before = pictures()
        ada.page.wait_for_timeout(1_000)
        return pictures() == before

    eventually(still, "no more pictures come", within=20)
    ada.page.evaluate("() => { told.length = 0; frames_asked = 0; }")
    sound = ada.received()["audio"]
    eventually(lambda: ada.received()["audio"] > sound, "Bo is still heard")
    assert still()
    assert ada.page.evaluate("[frames_asked, told]") == [0, []]
    ada.page.evaluate(HIDDEN, False)
    ada.sees_moving(1)


HIDDEN = """
(isHidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
  Object.defineProperty(document, 'visibilityState', {
    configurable: true, get: () => (isHidden ? 'hidden' : 'visible'),
  });
  document.dispatchEvent(new Event('visibilitychange'));
}
"""
"""Playwright keeps every tab visible, so the page is told. The browser would draw nothing by itself; that the page asks
for no frame, as is measured here, is more than that."""
