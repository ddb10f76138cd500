"""What the engine reports, and what time brings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from folkmoot.engine import (
    Carried,
    Connected,
    Died,
    Disconnected,
    Event,
    Paused,
    Policed,
    Quality,
    Said,
    Speakers,
    Subscribed,
)
from folkmoot.protocol import responses
from folkmoot.protocol.responses import Message
from folkmoot.protocol.values import Action, ConnectionQuality, Reason
from folkmoot.rooms import arriving, dynacast, leaving, negotiation, offers, publishing, subscribing
from folkmoot.rooms.model import Now, Participant
from folkmoot.rooms.room import Room

QUALITIES = {q.name.lower(): q for q in ConnectionQuality}
"""`lost` is not told: for ten seconds of it, clients that publish reconnect in full."""


def happened(room: Room, event: Event, now: Now) -> None:
    match event:
        case Connected(connection):
            participant = room.by_connection(connection)
            if participant is not None:
                arriving.activate(room, participant, now)
        case Disconnected(connection, _):
            participant = room.by_connection(connection)
            if participant is not None:
                participant.connected = False
                arriving.watch(room, participant, now)
        case Speakers(_, changes):
            _speak(room, changes)
        case Quality(_, changes):
            _score(room, changes)
        case Paused(connection, subscription, paused):
            participant = room.by_connection(connection)
            if participant is not None:
                subscribing.paused(room, participant, subscription, paused)
        case Carried(connection, subscription, layer):
            participant = room.by_connection(connection)
            if participant is not None:
                subscribing.carried(room, participant, subscription, layer, now)
        case Subscribed() | Died() | Said() | Policed():
            pass


def signal_lost(room: Room, participant: Participant, now: Now) -> None:
    """The socket is gone without a goodbye. While media flows it may come back."""
    participant.attached = False
    room.engine.set_away(participant.peer, True)
    arriving.watch(room, participant, now)


def brief(room: Room, newcomer: Participant) -> None:
    """The engine reports changes; who came later, or came back, hears how things stand."""
    speaking = [(p.sid, p.level, True) for p in room if p.level and p.announced]
    if speaking:
        room.send(newcomer, responses.speakers(speaking))
    scores = [(p.sid, *p.quality) for p in room if p.quality and p.announced]
    if scores:
        room.send(newcomer, responses.connection_quality(scores))


def timed_out(room: Room, name: str, sid: str, rest: tuple[str, ...], now: Now) -> None:
    if name == "empty":
        if not room.people:
            leaving.close(room, Reason.ROOM_CLOSED, now)
        return
    if name == "tell":
        return  # what is new is told after every input once it is due; this was to have one
    if name == "census":
        room.broadcast(responses.room_update(room.info()))
        return
    if name == "ask":
        return negotiation.ask_due(room, now)
    if name == "ask all":
        return negotiation.ask_all(room, now)
    participant = room.by_sid(sid)
    if participant is None:
        return
    match name:
        case "join":
            leaving.remove(room, participant, Reason.JOIN_FAILURE, now)
        case "seen":
            arriving.seen(room, participant)
        case "grace":
            reason = Reason.CONNECTION_TIMEOUT if participant.attached else Reason.SIGNAL_CLOSE
            leaving.remove(room, participant, reason, now, action=Action.RECONNECT)
        case "answer":
            offers.unanswered(room, participant, now)
        case "early":
            if participant.early_offer is not None:
                offers.offered(room, participant, participant.early_offer, now)
        case "strays":
            publishing.match(room, participant, now, strays=True)
        case "brief":
            brief(room, participant)
        case "refresh":
            arriving.refresh(room, participant, now)
        case "layers":
            dynacast.lower(room, participant, *rest)
        case "quiet":
            room.broadcast(responses.speakers([(participant.sid, 0.0, False)]))


def _speak(room: Room, changes: tuple[tuple[int, float, bool], ...]) -> None:
    heard = []
    for peer, level, active in changes:
        participant = room.by_peer(peer)
        if participant is not None and not participant.permission.hidden:
            participant.level = level if active else 0
            heard.append((participant.sid, level, active))
    if heard:
        _tell_all(room, responses.speakers, heard)


def _score(room: Room, changes: tuple[tuple[int, str, float], ...]) -> None:
    scored = []
    for peer, word, score in changes:
        participant = room.by_peer(peer)
        if participant is not None and not participant.permission.hidden and word in QUALITIES:
            participant.quality = (QUALITIES[word], score)
            scored.append((participant.sid, *participant.quality))
    if scored:
        _tell_all(room, responses.connection_quality, scored)


def _tell_all(room: Room, made: Callable[[list[Any]], Message], news: list[Any]) -> None:
    """And of those who are forwarded the other rooms."""
    room.broadcast(made(news))
    for forward in room.forwards:
        theirs = [each for each in news if each[0] == forward.stand_in.sid]
        if theirs:
            forward.room.broadcast(made(theirs))
            room.reached.append(forward.room)
