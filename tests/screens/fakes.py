"""What a browser can be made to believe, so that a state is reached without a broken machine or a bad network.

Law: the product's own code is as it is; only what it asks of the browser and of its sockets is answered by somebody else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from livekit.protocol import models, rtc
from playwright.sync_api import Page, WebSocketRoute

Message = dict[str, Any]

ASKS_FOR_EVER = "navigator.mediaDevices.getUserMedia = () => new Promise(() => {});"
INSECURE = """Object.defineProperty(window, 'isSecureContext', { value: false });
Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"""
INSIDE_AN_APP = "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
TOO_OLD = "delete window.RTCPeerConnection;"
WITH_A_CAMERA = "localStorage.setItem('folkmoot.prefs', JSON.stringify({ cameraOn: true, dimRoom: false }));"
"""A camera that was on in the last prejoin is asked for again; and the room is as light as the page, so that both are seen."""

LISTENED = """
(() => {
  const Native = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Native {
    constructor(...args) { super(...args); window.connections.push(this); }
    addIceCandidate(...args) { return window.isWalled ? Promise.resolve() : super.addIceCandidate(...args); }
    setRemoteDescription(said) {
      if (!window.isWalled) return super.setRemoteDescription(said);
      const sdp = said.sdp.replace(/^a=candidate.*\\r\\n/gm, '');
      return super.setRemoteDescription({ type: said.type, sdp });
    }
  };
  window.opened = [];
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (wish) => {
    if (window.isGone) throw new DOMException('gone', 'NotFoundError');
    let stream = await open(wish);
    if (window.isSilent && wish.audio) {
      for (const track of stream.getTracks()) track.stop();
      const [track] = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
      Object.defineProperty(track, 'label', { value: 'USB Headset' });
      stream = new MediaStream([track]);
    }
    window.opened.push(...stream.getTracks());
    return stream;
  };
  devices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const pen = canvas.getContext('2d');
    const title = window.slide ?? 'Pendulum';
    const draw = () => {
      pen.fillStyle = '#fdfcf8'; pen.fillRect(0, 0, 1280, 720);
      pen.fillStyle = '#0b6b60'; pen.fillRect(0, 0, 1280, 12);
      pen.fillStyle = '#1b1c1a'; pen.font = '600 56px sans-serif'; pen.fillText(title, 80, 130);
      pen.fillStyle = '#4e504b'; pen.font = '32px sans-serif';
      for (let at = 0; at < 5; at += 1) pen.fillRect(80, 220 + at * 80, 900 - at * 130, 14);
      pen.fillRect(1200, 690, (performance.now() / 100) % 60, 4);
    };
    draw();
    setInterval(draw, 200);
    return canvas.captureStream(5);
  };
})();
"""
"""A page whose connections can be walled off, whose devices can go, fall silent and be muted, and who has something to share."""

PULLED_OUT = """() => {
  const [microphone] = window.opened.filter(({ kind, readyState }) => kind === 'audio' && readyState === 'live').slice(-1);
  microphone.stop();
  microphone.dispatchEvent(new Event('ended'));
}"""
MUTED_OUTSIDE = """(now) => {
  for (const track of window.opened) if (track.kind === 'audio') track.dispatchEvent(new Event(now ? 'mute' : 'unmute'));
}"""
HELD_BACK = "() => { for (const each of document.querySelectorAll('audio')) each.pause(); }"
CUT = """() => { for (const each of window.connections.splice(0)) {
  for (const state of ['connectionState', 'iceConnectionState']) {
    Object.defineProperty(each, state, { value: 'failed' });
    each.dispatchEvent(new Event(state.toLowerCase() + 'change'));
  }
} }"""
"""A line that is gone. Who closes a connection themselves is told nothing, and one that is closed isn't begun anew."""


def refused(name: str, message: str = "") -> str:
    """A browser that gives no device, and why."""
    return f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('{message}', '{name}'); }};"


def _whole(said: str | bytes) -> str | bytes:
    """What was added stands between two numbers of the meeting, and the meeting doesn't know of it."""
    message = json.loads(said)
    hello = message.get("hello") if isinstance(message, dict) else None
    if not hello or "resume" not in hello:
        return said
    return json.dumps(message | {"hello": hello | {"resume": int(hello["resume"])}})


REFUSED = """(() => {
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(address, ...more) { super(window.isSignalCut ? String(address).replace('/rtc', '/nowhere') : address, ...more); }
  };
})();"""
"""A socket that is closed here before it is open tells of no error, as a browser's always does, and LiveKit's client waits for it."""


class Wire:
    """A page's two sockets with somebody in between, who can change what is said, say more, or end and hold them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.is_channel_cut = self._is_signal_cut = self.is_signal_held = False
        self.answers: Callable[[WebSocketRoute], None] | None = None
        """What the meeting's door says in the server's place."""
        self.channel: WebSocketRoute | None = None
        self.signal: WebSocketRoute | None = None
        self.seq = 0.0
        """The last number the page has seen."""
        self.people: dict[str, models.ParticipantInfo] = {}
        page.route_web_socket(re.compile(r"/channel$"), self._channel)
        page.route_web_socket(re.compile(r"/rtc"), self._signal)
        page.add_init_script(REFUSED)

    @property
    def is_signal_cut(self) -> bool:
        return self._is_signal_cut

    @is_signal_cut.setter
    def is_signal_cut(self, is_cut: bool) -> None:
        self._is_signal_cut = is_cut
        self._page.evaluate("(isCut) => { window.isSignalCut = isCut; }", is_cut)

    def _channel(self, socket: WebSocketRoute) -> None:
        if self.answers:
            answers = self.answers
            socket.on_message(lambda _: answers(socket))
        elif self.is_channel_cut:
            socket.close(code=1011)
        else:
            self.channel = socket
            server = socket.connect_to_server()
            server.on_message(lambda said: socket.send(self._counted(said)))
            socket.on_message(lambda said: server.send(_whole(said)))

    def _counted(self, said: str | bytes) -> str | bytes:
        messages = json.loads(said)
        for message in messages if isinstance(messages, list) else [messages]:
            numbered = message.get("event") or message.get("welcome") or message.get("resumed") or {}
            self.seq = max(self.seq, numbered.get("seq", 0))
        return said

    def _signal(self, socket: WebSocketRoute) -> None:
        if self.is_signal_held:
            return
        self.signal = socket

        def heard(said: str | bytes) -> None:
            if isinstance(said, bytes):
                self._met(rtc.SignalResponse.FromString(said))
            socket.send(said)

        socket.connect_to_server().on_message(heard)

    def _met(self, said: rtc.SignalResponse) -> None:
        joined = said.join
        for one in (*joined.other_participants, *said.update.participants, joined.participant):
            if one.sid:
                self.people[one.identity] = one

    def says(self, said: rtc.SignalResponse) -> None:
        """To the page, as the media server would."""
        assert self.signal
        self.signal.send(said.SerializeToString())

    def tells(self, message: Message) -> None:
        """To the page, as the meeting would."""
        assert self.channel
        self.channel.send(json.dumps(message))

    def ends(self) -> None:
        """Both, and they stay so."""
        self.is_channel_cut = self.is_signal_cut = True
        for socket in (self.channel, self.signal):
            if socket:
                socket.close(code=1011)

    def mends(self) -> None:
        self.is_channel_cut = self.is_signal_cut = False

    def of(self, name: str) -> models.ParticipantInfo:
        return next(one for one in self.people.values() if one.name == name)
