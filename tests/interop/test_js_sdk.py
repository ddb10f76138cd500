"""The JavaScript SDK, unmodified, newest and older, on one and on two peer connections."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.e2e.firefox import HEARD as HEARD_IN_FIREFOX
from tests.e2e.firefox import NEEDED, TONE
from tests.e2e.people import CHROMIUM, FLAGS, HEARD, SHOWN, WATCH, WAYS, eventually
from tests.product import Product

PAGE = Path(__file__).parent / "page"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...


@pytest.fixture(scope="module")
def page_url() -> Iterator[str]:
    if not (PAGE / "dist/page.js").exists():
        pytest.fail("tests/interop/page is not built; run `make test` or `npm ci && npm run build` in it")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(PAGE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def _rooms_are_left(browser: Browser) -> Iterator[None]:
    """Whoever stays after its scene goes on encoding through all that follow."""
    yield
    for context in browser.contexts:
        context.close()


class Tab:
    """A participant: the given kit of the SDK in a page of its own."""

    def __init__(self, browser: Browser, url: str, *scripts: str, heard: str = HEARD) -> None:
        self.heard = heard
        self.page: Page = browser.new_context(permissions=["camera", "microphone"]).new_page()
        for script in (WATCH, *scripts):
            self.page.add_init_script(script)
        self.page.goto(url)

    def enter(self, product: Product, identity: str, room: str, kit: str, *, single: bool) -> None:
        options = {"singlePeerConnection": single}
        self.page.evaluate(
            "([kit, url, token, options]) => enter(kit, url, token, options)",
            [kit, product.signal_url, product.token(identity, room), options],
        )

    def publish(self, hz: float, **video: Any) -> None:
        self.page.evaluate("(options) => publishPicture(options)", video)
        self.page.evaluate("(hz) => publishTone(hz)", hz)

    def ways(self) -> set[str]:
        return set(self.page.evaluate(WAYS))

    def hears(self, hz: float) -> None:
        eventually(lambda: any(abs(h - hz) < 15 for h in self.page.evaluate(self.heard)), f"{hz} Hz is heard")

    def sees(self) -> None:
        before = sum(self.page.evaluate(SHOWN))
        eventually(lambda: sum(self.page.evaluate(SHOWN)) > before + 10, "the picture moves")

    def got(self, text: str) -> dict[str, Any]:
        def find() -> dict[str, Any] | None:
            packets: list[dict[str, Any]] = self.page.evaluate("state.data")
            return next((p for p in packets if p["text"] == text), None)

        packet = eventually(find, f"{text!r} arrives")
        assert packet
        return packet


def two(product: Product, browser: Browser, page_url: str, room: str, *, single: bool) -> tuple[Tab, Tab]:
    """Ada and Bo, in the room with the newest kit."""
    ada, bo = Tab(browser, page_url), Tab(browser, page_url)
    for tab, name in ((ada, "ada"), (bo, "bo")):
        tab.enter(product, name, room, "newest", single=single)
    return ada, bo


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("newest", True), ("newest", True), id="newest-one-connection"),
        pytest.param(("newest", False), ("older", True), id="two-connections-meet-the-older"),
        pytest.param(("older", False), ("older", True), id="older-both-ways"),
    ],
)
def test_two_clients_see_hear_and_write(
    product: Product, browser: Browser, page_url: str, first: tuple[str, bool], second: tuple[str, bool]
) -> None:
    room = f"js-{first}-{second}"
    ada, bo = Tab(browser, page_url), Tab(browser, page_url)
    ada.enter(product, "ada", room, first[0], single=first[1])
    bo.enter(product, "bo", room, second[0], single=second[1])
    ada.publish(440)
    bo.publish(620)
    for me, hz in ((ada, 620), (bo, 440)):
        me.hears(hz)
        me.sees()
    ada.page.evaluate("say('over the reliable one', { reliable: true, topic: 't' })")
    assert bo.got("over the reliable one") == {"text": "over the reliable one", "from": "ada", "topic": "t"}
    bo.page.evaluate("say('for ada', { reliable: true, destinationIdentities: ['ada'] })")
    assert ada.got("for ada")["from"] == "bo"


SENT_AS = """connections.flatMap((pc) => pc.remoteDescription.sdp.split("m=").filter((section) =>
  section.startsWith("audio") && section.includes("a=recvonly"))).map((section) => section.split("SAVPF ")[1].split("\\r")[0])"""
"""The payload types that the sound is to be sent in, the first before the others."""
RED, OPUS = "63", "111"


def test_redundant_sound_is_sent_by_who_has_it_and_heard_by_who_has_not(
    product: Product, browser: Browser, page_url: str
) -> None:
    """Of one channel it is sent twice over, of two (a screen's) it isn't; all hear plain Opus."""
    ada, bo = two(product, browser, page_url, "js-red", single=True)
    ada.page.evaluate("publishTone(440, 1)")
    bo.page.evaluate("publishTone(620, 2)")
    bo.hears(440)
    ada.hears(620)
    assert ada.page.evaluate(SENT_AS) == [f"{RED} {OPUS}"]
    assert bo.page.evaluate(SENT_AS) == [f"{OPUS} {RED}"]


# As a network does that lets no datagram pass: none of the server's addresses for them is reached.
NO_UDP = """
(() => {
  const strip = (sdp) => sdp.split('\\r\\n').filter((line) => !/^a=candidate:\\S+ 1 udp /i.test(line)).join('\\r\\n');
  const set = RTCPeerConnection.prototype.setRemoteDescription;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return set.call(this, { type, sdp: strip(sdp) });
  };
})();
"""


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_whom_no_datagram_reaches_is_seen_and_heard_by_tcp(
    product: Product, browser: Browser, page_url: str, single: bool
) -> None:
    ada, bo = Tab(browser, page_url, NO_UDP), Tab(browser, page_url)
    for tab, name in ((ada, "ada"), (bo, "bo")):
        tab.enter(product, name, f"js-no-udp-{single}", "newest", single=single)
    ada.publish(440)
    bo.publish(620)
    for me, hz in ((ada, 620), (bo, 440)):
        me.hears(hz)
        me.sees()
    ada.page.evaluate("say('by tcp', { reliable: true })")
    assert bo.got("by tcp")["from"] == "ada"
    bo.page.evaluate("say('to tcp', { reliable: true })")
    assert ada.got("to tcp")["from"] == "bo"
    assert (ada.ways(), bo.ways()) == ({"tcp"}, {"udp"})


@pytest.mark.parametrize(("to", "single"), [("tcp", True), ("tcp", False), ("tls", True)])
def test_a_client_that_switches_to_tcp_comes_back_by_it(
    product: Product, browser: Browser, page_url: str, to: str, single: bool
) -> None:
    ada, bo = two(product, browser, page_url, f"js-switch-{to}-{single}", single=single)
    ada.publish(440)
    bo.publish(620)
    bo.hears(440)
    assert ada.ways() == {"udp"}
    ada.page.evaluate("(to) => { room.simulateScenario(`force-${to}`); }", to)
    eventually(lambda: "Reconnected" in ada.page.evaluate("state.events"), "ada is back", within=20)
    for me, hz in ((ada, 620), (bo, 440)):
        me.hears(hz)
    eventually(lambda: ada.ways() == {"tcp"}, "all of ada's goes by TCP")


COMES_BACK = (
    ("signal-reconnect", True),
    ("resume-reconnect", True),
    ("full-reconnect", True),
    ("leave-full-reconnect", True),
    ("migration", True),
    ("migration", False),
    ("node-failure", True),
    ("node-failure", False),
    ("full-reconnect", False),
    ("disconnect-signal-on-resume", True),
    ("disconnect-signal-on-resume", False),
    ("disconnect-signal-on-resume-no-messages", True),
    ("disconnect-signal-on-resume-no-messages", False),
)


@pytest.mark.parametrize(("trouble", "single"), COMES_BACK)
def test_a_client_comes_back_from_the_trouble_it_asks_for(
    product: Product, browser: Browser, page_url: str, trouble: str, single: bool
) -> None:
    ada, bo = two(product, browser, page_url, f"js-{trouble}-{single}", single=single)
    ada.page.evaluate("publishTone(440)")
    bo.page.evaluate("publishTone(620)")
    bo.hears(440)
    ada.page.evaluate("(trouble) => { room.simulateScenario(trouble); }", trouble)
    eventually(lambda: "Reconnected" in ada.page.evaluate("state.events"), "ada is back", within=20)
    bo.hears(440)
    ada.hears(620)
    # No message is sent: with one connection this client sends none after a full reconnect, to no server.


def test_a_client_that_asks_the_server_to_leave_is_out(
    product: Product, browser: Browser, page_url: str
) -> None:
    ada, bo = two(product, browser, page_url, "js-server-leave", single=True)
    ada.page.evaluate("room.simulateScenario('server-leave')")
    eventually(lambda: ada.page.evaluate("room.state") == "disconnected", "ada is out")
    eventually(lambda: bo.page.evaluate("room.remoteParticipants.size") == 0, "and bo sees it")


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_a_client_is_moved_and_forwarded(
    product: Product, browser: Browser, page_url: str, single: bool
) -> None:
    here, there = f"js-here-{single}", f"js-there-{single}"
    ada, bo, eve = (Tab(browser, page_url) for _ in range(3))
    for tab, name, room in ((ada, "ada", here), (bo, "bo", here), (eve, "eve", there)):
        tab.enter(product, name, room, "newest", single=single)
    ada.publish(440)
    eve.page.evaluate("publishTone(620)")
    bo.hears(440)

    def take(method: str, identity: str) -> None:
        body = {"room": here, "identity": identity, "destination_room": there}
        token = product.token("", here, roomAdmin=True, destinationRoom=there)
        headers = {"Authorization": f"Bearer {token}"}
        path = f"{product.address}/twirp/livekit.RoomService/{method}"
        assert httpx.post(path, json=body, headers=headers).status_code == 200

    take("ForwardParticipant", "ada")
    eve.hears(440)
    eve.sees()
    bo.hears(440)
    assert ada.page.evaluate("room.remoteParticipants.has('eve')") is False
    take("MoveParticipant", "ada")
    eventually(lambda: "Moved" in ada.page.evaluate("state.events"), "ada is told")
    assert ada.page.evaluate("[room.name, room.state]") == [there, "connected"]
    ada.hears(620)
    eve.hears(440)
    eve.sees()
    eventually(lambda: bo.page.evaluate("room.remoteParticipants.size") == 0, "bo sees ada leave")
    ada.page.evaluate("say('from the other room')")
    assert eve.got("from the other room")["from"] == "ada"
    # By the token and the sid that it was told with the move.
    ada.page.evaluate("room.simulateScenario('signal-reconnect')")
    eventually(lambda: "Reconnected" in ada.page.evaluate("state.events"), "ada is back", within=20)
    assert ada.page.evaluate("room.name") == there
    eve.hears(440)


# The largest picture that comes.
HEIGHT = """async () => {
  let height = 0;
  for (const connection of connections)
    for (const r of (await connection.getStats()).values())
      if (r.type === 'inbound-rtp' && r.kind === 'video') height = Math.max(height, r.frameHeight ?? 0);
  return height;
}"""


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_a_client_that_plays_a_narrow_line_gets_the_smaller_picture_for_as_long(
    product: Product, browser: Browser, page_url: str, single: bool
) -> None:
    ada, bo = two(product, browser, page_url, f"js-narrow-{single}", single=single)
    ada.publish(440)
    eventually(lambda: bo.page.evaluate(HEIGHT) == 360, "bo gets the large picture", within=20)
    # Carries the small one, and not the large one. A line that carries neither gets none, and is told so.
    bo.page.evaluate("room.simulateScenario('subscriber-bandwidth', 250_000)")
    eventually(lambda: bo.page.evaluate(HEIGHT) == 180, "and then the small one", within=10)
    bo.sees()
    bo.page.evaluate("room.simulateScenario('subscriber-bandwidth', 0)")
    eventually(lambda: bo.page.evaluate(HEIGHT) == 360, "and the large one again", within=20)


WANTS_FPS = "(fps) => room.remoteParticipants.get('ada').getTrackPublication('camera').setVideoFPS(fps)"


def test_a_picture_is_had_at_a_lower_rate_by_who_asks_for_it(
    product: Product, browser: Browser, page_url: str
) -> None:
    """A layer of the stream that a browser sends by itself, left out for one who receives it."""
    ada, bo = two(product, browser, page_url, "js-fps", single=True)
    ada.publish(440)
    bo.sees()
    assert pictures_a_second(bo) > 14
    bo.page.evaluate(WANTS_FPS, 5)
    eventually(lambda: 3 < pictures_a_second(bo) < 8, "bo gets one of four", within=10)
    bo.page.evaluate(WANTS_FPS, 30)
    eventually(lambda: pictures_a_second(bo) > 14, "and all of them again", within=10)


def pictures_a_second(tab: Tab) -> float:
    before: list[int] = tab.page.evaluate(SHOWN)
    tab.page.wait_for_timeout(2000)
    after: list[int] = tab.page.evaluate(SHOWN)
    return (sum(after) - sum(before)) / 2


@NEEDED
@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_firefox_and_chromium_see_hear_and_write(
    product: Product, browser: Browser, fox: Browser, page_url: str, single: bool
) -> None:
    room = f"js-firefox-{single}"
    ada, bo = Tab(fox, page_url, heard=HEARD_IN_FIREFOX), Tab(browser, page_url)
    for me, name in ((ada, "ada"), (bo, "bo")):
        me.enter(product, name, room, "newest", single=single)
    assert len(ada.page.evaluate("connections")) == (1 if single else 2)
    ada.page.evaluate("publishPicture({})")
    ada.page.evaluate("publishMicrophone()")
    bo.publish(620)
    for me, hz in ((ada, 620), (bo, TONE)):
        me.hears(hz)
        me.sees()
    ada.page.evaluate("say('from firefox', { reliable: true, topic: 't' })")
    assert bo.got("from firefox") == {"text": "from firefox", "from": "ada", "topic": "t"}
    bo.page.evaluate("say('for ada', { reliable: true, destinationIdentities: ['ada'] })")
    assert ada.got("for ada")["from"] == "bo"
    ada.page.context.close()


def test_h264_is_carried_as_asked(product: Product, browser: Browser, page_url: str) -> None:
    ada, bo = two(product, browser, page_url, "js-h264", single=True)
    ada.publish(440, videoCodec="h264", simulcast=False)
    bo.sees()
    codecs = bo.page.evaluate(
        """async () => {
          const found = [];
          for (const connection of connections) {
            const stats = await connection.getStats();
            for (const r of stats.values())
              if (r.type === 'inbound-rtp' && r.kind === 'video') found.push(stats.get(r.codecId)?.mimeType);
          }
          return found;
        }"""
    )
    assert codecs == ["video/H264"]


# As a browser without H.264 offers and answers.
NO_H264 = """
(() => {
  const known = RTCRtpReceiver.getCapabilities('video').codecs.filter((codec) => codec.mimeType !== 'video/H264');
  for (const name of ['createOffer', 'createAnswer']) {
    const create = RTCPeerConnection.prototype[name];
    RTCPeerConnection.prototype[name] = function (...args) {
      for (const transceiver of this.getTransceivers())
        if (transceiver.receiver.track.kind === 'video') transceiver.setCodecPreferences(known);
      return create.apply(this, args);
    };
  }
})();
"""
CODEC_UNSUPPORTED = 1


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_who_has_no_codec_for_a_picture_is_told_so_and_sees_the_next(
    product: Product, browser: Browser, page_url: str, single: bool
) -> None:
    ada, bo = Tab(browser, page_url), Tab(browser, page_url, NO_H264)
    for tab, name in ((ada, "ada"), (bo, "bo")):
        tab.enter(product, name, f"js-no-h264-{single}", "newest", single=single)
    bo.page.evaluate("room.on('trackSubscriptionFailed', (sid, from, why) => state.events.push([sid, why]))")
    ada.publish(440, videoCodec="h264", simulcast=False, backupCodec=False)
    sid = ada.page.evaluate("room.localParticipant.getTrackPublication('camera').trackSid")
    eventually(lambda: [sid, CODEC_UNSUPPORTED] in bo.page.evaluate("state.events"), "bo is told")
    bo.hears(440)
    ada.page.evaluate("publishPicture({ source: 'screen_share', videoCodec: 'vp8' })")
    bo.sees()
    assert bo.page.evaluate("state.events").count([sid, CODEC_UNSUPPORTED]) == 1, "and once"


@pytest.mark.parametrize("single", [True, False], ids=["one-connection", "two-connections"])
def test_who_has_no_codec_for_a_picture_sees_it_in_the_other_that_its_sender_has(
    product: Product, browser: Browser, page_url: str, single: bool
) -> None:
    ada, bo = Tab(browser, page_url), Tab(browser, page_url, NO_H264)
    for tab, name in ((ada, "ada"), (bo, "bo")):
        tab.enter(product, name, f"js-backup-{single}", "newest", single=single)
    ada.publish(440, videoCodec="h264")
    bo.sees()
    bo.hears(440)


def test_a_token_of_another_secret_is_refused(product: Product, browser: Browser, page_url: str) -> None:
    tab = Tab(browser, page_url)
    outcome = tab.page.evaluate(
        """async ([url, token]) => {
          try { await enter('newest', url, token, {}); return 'connected'; } catch (error) { return error.status; }
        }""",
        [
            product.signal_url,
            product.token("eve", "js-wrong", secret="some-other-secret-that-is-long-enough"),
        ],
    )
    assert outcome == 401
