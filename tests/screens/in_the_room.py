"""The states of the room, one after the other in one meeting: each leaves it as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from livekit.protocol import models, rtc
from playwright.sync_api import Browser, Locator, Page, expect

from tests.screens.album import NAMES, PATIENCE_MS
from tests.screens.fakes import CUT, HELD_BACK, LISTENED, MUTED_OUTSIDE, PULLED_OUT, Wire
from tests.screens.states import Room, asks_in, guest

PERSON = Path(__file__).parents[1] / "e2e/person.jpg"
WORDS = {
    "en": ("Has everybody got the worksheet?", "I have two questions about page 3.", "The notes: https://example.org/notes"),
    "zh-CN": ("大家都拿到练习了吗？", "第 3 页我有两个问题。", "讲义：https://example.org/notes"),
}  # fmt: skip
LASTS_MS = 2_100
"""A device that is lost sooner is not replaced."""
POOR, GOOD = models.ConnectionQuality.POOR, models.ConnectionQuality.EXCELLENT


def play(room: Room, browser: Browser) -> None:
    plays_all(room, STATES)
    for name, visits in VISITS.items():
        if room.album.wants(name):
            with (
                guest(room.place, browser, room.size, LISTENED) as (page, wire),
                room.album.trying(name, page),
            ):
                visits(room, page, wire)
    plays_all(room, LAST)


def plays_all(room: Room, states: dict[str, Callable[[Room, str], None]]) -> None:
    for names, plays in states.items():
        if any(room.album.wants(name) for name in names.split()):
            with room.album.trying(names, room.host):
                plays(room, names)
                continue
            starts_afresh(room)


def starts_afresh(room: Room) -> None:
    """What a state left behind that was not reached takes no other one along."""
    room.wire.mends()
    room.host.context.set_offline(False)
    room.host.unroute_all()
    room.host.keyboard.press("Escape")
    if room.host.get_by_role("complementary").count():
        room.host.keyboard.press("Alt+h")


def as_it_is(room: Room, name: str) -> None:
    room.album.shoot(room.host, name)


def talks_muted(room: Room, name: str) -> None:
    """On a phone a muted microphone is given back, until somebody wants it otherwise."""
    if room.is_phone:
        return
    room.host.keyboard.press("Control+d")
    room.shows("call.talking")
    room.album.shoot(room.host, name)
    room.host.keyboard.press("Control+d")
    closes_toast(room)


def is_muted_outside(room: Room, name: str) -> None:
    room.host.evaluate(MUTED_OUTSIDE, True)
    room.shows("call.hearing.muted_outside.then")
    room.album.shoot(room.host, name)
    room.host.evaluate(MUTED_OUTSIDE, False)


def is_pulled_out(room: Room, name: str) -> None:
    room.host.evaluate("window.isGone = true")
    room.host.evaluate(PULLED_OUT)
    room.host.locator("[data-region=notice] button").first.wait_for()
    room.album.shoot(room.host, name)
    room.host.evaluate("window.isGone = false")
    closes_toast(room)
    room.host.keyboard.press("Control+d")


def another_is_silent(room: Room, names: str) -> None:
    """A headset that is plugged in takes over, and gives no sound."""
    replaced, silent = names.split()
    expect(room.host.get_by_role("button", name=room.say("call.mute.label")).first).to_be_visible()
    room.host.wait_for_timeout(LASTS_MS)
    room.host.evaluate("window.isSilent = true")
    room.host.evaluate(PULLED_OUT)
    room.host.locator("[data-region=notice] button").first.wait_for()
    room.album.shoot(room.host, replaced)
    closes_toast(room)
    room.shows("call.hearing.silent.then")
    room.album.shoot(room.host, silent)
    room.host.evaluate("window.isSilent = false")
    room.host.evaluate(PULLED_OUT)
    closes_toast(room)


def closes_toast(room: Room) -> None:
    for button in room.host.locator("[data-region=notice] button").all()[-1:]:
        button.click()


def is_held_back(room: Room, name: str) -> None:
    room.host.evaluate(HELD_BACK)
    room.shows("call.sound.blocked")
    room.album.shoot(room.host, name)
    room.host.get_by_role("button", name=room.say("call.sound.allow")).click()


def quality(room: Room, *people: tuple[str, models.ConnectionQuality]) -> None:
    of = [
        rtc.ConnectionQualityInfo(participant_sid=room.wire.of(name).sid, quality=good)
        for name, good in people
    ]
    room.wire.says(rtc.SignalResponse(connection_quality=rtc.ConnectionQualityUpdate(updates=of)))


def pause(room: Room, *names: str, is_paused: bool = True) -> None:
    state = rtc.StreamState.PAUSED if is_paused else rtc.StreamState.ACTIVE
    streams = [
        rtc.StreamStateInfo(participant_sid=one.sid, track_sid=track.sid, state=state)
        for one in map(room.wire.of, names)
        for track in one.tracks
        if track.source == models.TrackSource.CAMERA
    ]
    room.wire.says(rtc.SignalResponse(stream_state_update=rtc.StreamStateUpdate(stream_states=streams)))


def tiles_say(room: Room, names: str) -> None:
    weak, away = names.split()
    _, one, other, *_ = NAMES[room.place.language]
    quality(room, (str(one), POOR))
    pause(room, str(other))
    room.shows("call.tile.paused")
    room.album.shoot(room.host, weak)
    quality(room, (str(one), GOOD))
    pause(room, str(other), is_paused=False)
    known = room.wire.of(str(one))
    gone = models.ParticipantInfo()
    gone.CopyFrom(known)
    gone.state = models.ParticipantInfo.DISCONNECTED
    room.wire.says(rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=[gone])))
    room.shows("call.tile.reconnecting")
    room.album.shoot(room.host, away)
    room.guests[0].evaluate(CUT)  # who comes again is told of to everybody
    expect(room.host.locator("[role=gridcell] video[data-live]")).to_have_count(3, timeout=PATIENCE_MS)


def is_weak(room: Room, names: str) -> None:
    weak, sound_only = names.split()
    me, one, other, *_ = NAMES[room.place.language]
    expect(room.host.locator("[role=gridcell]")).to_have_count(3)
    quality(room, (str(me), POOR))
    room.shows("call.line.weak")
    room.album.shoot(room.host, weak, soon=True)
    quality(room, (str(me), GOOD))
    pause(room, str(one), str(other))
    room.shows("call.line.sound_only")
    room.album.shoot(room.host, sound_only, soon=True)
    pause(room, str(one), str(other), is_paused=False)


def loses_the_line(room: Room, names: str) -> None:
    """Cut, without a network, without a server, and back."""
    cut, offline, no_server, back = names.split()
    host, wire = room.host, room.wire

    def breaks() -> None:
        wire.ends()
        host.evaluate(CUT)
        room.shows("call.line.reconnecting")

    breaks()
    room.album.shoot(host, cut)
    host.context.set_offline(True)
    room.shows("call.line.offline")
    room.album.shoot(host, offline)
    host.context.set_offline(False)
    host.route("**/api/**", lambda route: route.abort())
    host.get_by_text(room.say("call.line.server_down")).wait_for(timeout=40_000)
    room.album.shoot(host, no_server)
    host.unroute("**/api/**")

    def returns() -> None:
        if not wire.is_signal_cut:
            breaks()
        wire.mends()
        host.get_by_text(room.say("call.line.back").partition("{")[0].strip()).first.wait_for(timeout=40_000)

    room.album.shoot(host, back, reach=returns)
    wire.mends()
    expect(host.get_by_text(room.say("call.line.reconnecting"))).to_have_count(0, timeout=40_000)


def restarts(room: Room, name: str) -> None:
    leave = rtc.LeaveRequest(
        reason=models.DisconnectReason.SERVER_SHUTDOWN, action=rtc.LeaveRequest.DISCONNECT
    )
    room.wire.is_signal_cut = True
    room.wire.says(rtc.SignalResponse(leave=leave))
    room.shows("call.line.restarting")
    room.album.shoot(room.host, name)
    room.wire.mends()
    expect(room.host.get_by_text(room.say("call.line.restarting"))).to_have_count(0, timeout=40_000)


def loses_the_channel(room: Room, name: str) -> None:
    room.wire.is_channel_cut = True
    assert room.wire.channel
    room.wire.channel.close(code=1011)
    room.shows("call.line.control_away")
    room.album.shoot(room.host, name)
    room.wire.mends()
    expect(room.host.get_by_text(room.say("call.line.control_away"))).to_have_count(0, timeout=40_000)


def connects_slowly(room: Room, page: Page, wire: Wire) -> None:
    wire.is_signal_held = True
    asks_in(page, room.link, NAMES[room.place.language][1])
    page.get_by_text(room.say("call.line.slow")).first.wait_for()
    room.album.shoot(page, "N1-connecting")


def is_walled_off(room: Room, page: Page, _: Wire) -> None:
    page.add_init_script("window.isWalled = true;")
    asks_in(page, room.link, NAMES[room.place.language][1])
    page.get_by_text(room.say("call.line.blocked")).first.wait_for(timeout=60_000)
    room.album.shoot(page, "N8-blocked")


def shares(room: Room, names: str) -> None:
    """All three at once; then oneself alone."""
    two, three, menu, spotlight = names.split()
    say = room.say
    share = say("call.share.label")
    for page, title in zip(room.guests, ("Pendulum", "Results"), strict=True):
        page.evaluate("(title) => { window.slide = title; }", title)
        page.get_by_role("button", name=share).first.click()
    expect(room.host.get_by_role("figure")).to_have_count(2)
    drawn(room.host)
    room.album.shoot(room.host, two)
    with third(room) as page:
        drawn(room.host)
        room.album.shoot(room.host, three)
        room.host.get_by_text(say("call.share.several").replace("{count}", "3")).click()
        room.host.get_by_role("menu").wait_for()
        room.album.shoot(room.host, menu)
        room.host.keyboard.press("Escape")
        page.get_by_role("button", name=say("call.leave.label")).first.click()
    room.album.shoot(room.host, spotlight)
    for page in room.guests:
        page.get_by_role("button", name=say("call.share.stop")).first.click()
    expect(room.host.get_by_role("figure")).to_have_count(0)


def drawn(page: Page) -> None:
    """All that is shared, not only where it will be."""
    for video in page.get_by_role("figure").locator("video").all():
        video.evaluate("(v) => v.readyState >= 2 || new Promise((r) => v.addEventListener('loadeddata', r))")


@contextmanager
def third(room: Room) -> Iterator[Page]:
    browser = room.host.context.browser
    assert browser
    with guest(room.place, browser, "desk", LISTENED) as (page, _):
        asks_in(page, room.link, {"en": "Tomasz Nowak", "zh-CN": "赵一鸣"}[room.place.language])
        page.locator("[data-region=bar]").wait_for()
        page.evaluate("window.slide = 'Questions'")
        page.get_by_role("button", name=room.say("call.share.label")).first.click()
        room.host.get_by_text(room.say("call.share.several").replace("{count}", "3")).first.wait_for()
        yield page


def shares_oneself(room: Room, name: str) -> None:
    if room.is_phone:
        return
    room.host.get_by_role("button", name=room.say("call.share.label")).first.click()
    stop = room.host.get_by_role("button", name=room.say("call.share.stop.word")).first
    stop.wait_for()
    room.album.shoot(room.host, name)
    stop.click()


def chats(room: Room, name: str) -> None:
    say = room.say
    mine, theirs, linked = WORDS[room.place.language]
    [other, *_] = room.guests
    for page in (room.host, other):
        page.keyboard.press("Alt+h")
        page.get_by_role("complementary").wait_for()
    writes(room.host, say, mine)
    writes(other, say, theirs)
    room.host.get_by_text(theirs).wait_for()
    writes(room.host, say, linked)
    other.locator("input[type=file]").first.set_input_files(PERSON)
    other.get_by_role("button", name=say("chat.send"), exact=True).click()
    room.host.locator("[role=log] img, img[alt*=person]").first.wait_for()
    room.host.locator("input[type=file]").first.set_input_files(
        {"name": "worksheet.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 worksheet"}
    )
    room.album.shoot(room.host, name)
    room.host.keyboard.press("Escape")
    for page in (room.host, other):
        if page.get_by_role("complementary").count():
            page.keyboard.press("Alt+h")


def writes(page: Page, say: Callable[[str], str], text: str) -> None:
    box = page.get_by_role("textbox", name=say("chat.field"))
    box.fill(text)
    box.press("Enter")


def unsent(room: Room, name: str) -> None:
    room.host.keyboard.press("Alt+h")
    room.host.get_by_role("complementary").wait_for()
    room.wire.is_channel_cut = True
    assert room.wire.channel
    room.wire.channel.close(code=1011)
    writes(room.host, room.say, WORDS[room.place.language][1])
    room.host.get_by_text(room.say("chat.unsent")).first.wait_for()
    room.album.shoot(room.host, name)
    room.wire.mends()
    room.host.keyboard.press("Escape")
    if room.host.get_by_role("complementary").count():
        room.host.keyboard.press("Alt+h")


def opens_more(room: Room) -> None:
    bar = room.host.locator("[data-region=bar]")
    bar.get_by_role("button", name=room.say("call.more.label"), exact=True).click()


def opens(id: str) -> Callable[[Room, str], None]:
    """A dialog from the bar's More."""

    def plays(room: Room, name: str) -> None:
        opens_more(room)
        room.host.get_by_role("menuitem", name=room.say(id), exact=True).click()
        room.host.get_by_role("dialog", name=room.say(id)).wait_for()
        room.host.wait_for_timeout(2_500 if name == "connection" else 300)
        room.album.shoot(room.host, name)
        room.host.keyboard.press("Escape")
        expect(room.host.get_by_role("dialog")).to_have_count(0)

    return plays


def background(room: Room, name: str) -> None:
    """From the camera's menu, which a phone has in More."""
    if room.is_phone:
        opens_more(room)
    else:
        room.host.get_by_role("button", name=room.say("call.devices.camera"), exact=True).click()
    room.host.get_by_role("menuitem", name=room.say("effects.title"), exact=True).click()
    room.host.get_by_role("dialog", name=room.say("effects.title")).wait_for()
    room.album.shoot(room.host, name)
    room.host.keyboard.press("Escape")
    expect(room.host.get_by_role("dialog")).to_have_count(0)


def tile_menu(room: Room, name: str) -> None:
    tile = room.host.get_by_role("gridcell").first
    tile.click() if room.is_phone else tile.hover()
    tile.get_by_role("button").first.click()
    room.host.get_by_role("menu").wait_for()
    room.album.shoot(room.host, name)
    room.host.keyboard.press("Escape")


def more_menu(room: Room, name: str) -> None:
    opens_more(room)
    room.host.get_by_role("menu").wait_for()
    room.album.shoot(room.host, name)
    room.host.keyboard.press("Escape")


def microphone_menu(room: Room, name: str) -> None:
    if room.is_phone:
        return
    room.host.get_by_role("button", name=room.say("call.devices.sound")).click()
    room.host.get_by_role("menu").wait_for()
    room.album.shoot(room.host, name)
    room.host.keyboard.press("Escape")


def ends_soon(room: Room, name: str) -> None:
    payload = {
        "minutes": 40,
        "endsAt": (datetime.now(UTC) + timedelta(minutes=6)).isoformat(),
        "people": None,
    }
    event = {
        "seq": room.wire.seq + 0.5,
        "at": "",
        "feature": "meeting",
        "type": "limits",
        "by": None,
        "payload": payload,
    }
    room.wire.tells({"event": event})
    room.shows("call.ends.then")
    room.album.shoot(room.host, name)
    room.wire.tells(
        {"event": event | {"seq": room.wire.seq + 0.75, "payload": {"minutes": None, "endsAt": ""}}}
    )


def is_asked(room: Room, names: str) -> None:
    """A host mutes, asks to unmute; and a guest who may not share asks for it."""
    muted, asked = names.split()
    [guest, *_], say = room.guests, room.say
    one = NAMES[room.place.language][1]
    tile = room.host.get_by_role("gridcell", name=str(one))

    def does(id: str) -> None:
        if room.is_phone:
            tile.click()
        else:
            tile.hover()
        tile.get_by_role("button").first.click()
        room.host.get_by_role("menuitem", name=say(id), exact=True).click()

    def is_told() -> None:
        """Anew for each light: what is told goes, and who was muted in mid-sentence is told that soon."""
        if guest.get_by_role("button", name=say("call.unmute.label")).count():
            guest.get_by_role("button", name=say("call.unmute.label")).first.click()
        expect(notice(guest, say("host.muted_you"))).to_have_count(0)
        does("host.mute")
        notice(guest, say("host.muted_you")).wait_for()

    with as_large_as(room, guest):
        room.album.shoot(guest, muted, reach=is_told)
        does("host.ask")
        guest.get_by_text(say("host.asks_you")).first.wait_for()
        room.album.shoot(guest, asked)
        guest.get_by_role("button", name=say("host.unmute"), exact=True).first.click()


def notice(page: Page, text: str) -> Locator:
    """A toast with these words; not what a screen reader is told of it."""
    return page.locator("[data-region=notice]", has_text=text)


@contextmanager
def as_large_as(room: Room, guest: Page) -> Iterator[None]:
    """Guests sit at a desk, until one of them is looked at."""
    before = guest.viewport_size
    if room.is_phone:
        guest.set_viewport_size({"width": 390, "height": 844})
    yield
    if before:
        guest.set_viewport_size(before)


def opens_host_tools(room: Room) -> None:
    if room.is_phone:
        opens_more(room)
    # By its role: who comes back to it by a key sees its tip, with the same words.
    tools = room.host.get_by_role(
        "menuitem" if room.is_phone else "button", name=room.say("host.tools"), exact=True
    )
    tools.first.click()


def may_not_share(room: Room, names: str) -> None:
    name, tools = names.split()
    [guest, *_], say = room.guests, room.say
    opens_host_tools(room)
    switch = room.host.get_by_role("checkbox", name=say("host.may.share"))
    switch.press("Space")
    room.host.keyboard.press("Escape")

    def asks() -> None:
        guest.get_by_role("button", name=say("call.share.label")).first.click()
        notice(guest, say("call.not_allowed.screen")).wait_for()

    room.album.shoot(guest, name, reach=asks)
    opens_host_tools(room)
    switch.press("Space")
    room.album.shoot(room.host, tools)
    room.host.keyboard.press("Escape")


def stops_everything(room: Room, names: str) -> None:
    asked, stopped, for_guests = names.split()
    say = room.say
    opens_host_tools(room)
    room.host.get_by_role("button", name=say("host.stop"), exact=True).click()
    room.album.shoot(room.host, asked)
    room.host.get_by_role("button", name=say("host.stop.now")).click()
    room.guests[0].get_by_text(say("host.stopped")).first.wait_for()
    room.host.keyboard.press("Escape")
    room.album.shoot(room.host, stopped)
    with as_large_as(room, room.guests[0]):
        room.album.shoot(room.guests[0], for_guests)


def gives_up(room: Room, page: Page, wire: Wire) -> None:
    asks_in(page, room.link, NAMES[room.place.language][1])
    page.locator("[data-region=bar]").wait_for()
    expect(page.locator("[role=gridcell] video[data-live]").nth(1)).to_be_attached(timeout=PATIENCE_MS)
    wire.ends()
    page.evaluate(CUT)
    page.get_by_text(room.say("call.line.reconnecting")).first.wait_for()
    page.get_by_role("button", name=room.say("call.leave.label")).first.click()
    page.locator("section h1").wait_for()
    room.album.shoot(page, "N6-gave-up")


def is_over(room: Room, names: str) -> None:
    leaves, ended = names.split()
    [guest, other] = room.guests
    room.host.get_by_role("button", name=room.say("call.leave.label")).first.click()
    room.host.get_by_role("dialog").or_(room.host.get_by_role("menu")).first.wait_for()
    room.album.shoot(room.host, leaves)
    room.host.get_by_text(room.say("call.leave.end"), exact=True).first.click()
    guest.locator("section h1").wait_for()
    with as_large_as(room, guest):
        room.album.shoot(guest, ended)
    other.locator("section h1").wait_for()


STATES: dict[str, Callable[[Room, str], None]] = {
    "room-three": as_it_is,
    "D9-talks-muted": talks_muted,
    "D8-muted-outside": is_muted_outside,
    "D6-gone": is_pulled_out,
    "D6-replaced D7-silent": another_is_silent,
    "D10-held-back": is_held_back,
    "N12-weak N12-away": tiles_say,
    "N2-weak N3-sound-only": is_weak,
    "shares-two shares-three shares-menu shares-again": shares,
    "share-own": shares_oneself,
    "chat-files": chats,
    "C1-unsent": unsent,
    "settings-in-room": opens("call.settings"),
    "connection": opens("quality.title"),
    "background": background,
    "tile-menu": tile_menu,
    "more-menu": more_menu,
    "microphone-menu": microphone_menu,
    "H1-muted H1-asked": is_asked,
    "S1-may-not-share host-tools": may_not_share,
    "J20-ends-soon": ends_soon,
    "N4-cut N7-offline N9-server-down N5-back": loses_the_line,
    "N10-restarts": restarts,
    "N11-channel-away": loses_the_channel,
}
VISITS: dict[str, Callable[[Room, Page, Wire], None]] = {
    "N1-connecting": connects_slowly,
    "N8-blocked": is_walled_off,
    "N6-gave-up": gives_up,
}
LAST: dict[str, Callable[[Room, str], None]] = {
    "stop-everything stopped stopped-guest": stops_everything,
    "leave-host J19-ended": is_over,
}
ROOM = (*(name for names in (*STATES, *LAST) for name in names.split()), *VISITS)
