"""Getting a negotiation going. In v1 only clients offer, so we ask for one; in v0 we offer on the subscriber connection,
one offer at a time. Law: changes that come together are negotiated together; nothing is asked that the engine doesn't need.
"""

from __future__ import annotations

from folkmoot.protocol import responses
from folkmoot.rooms.model import Now, Participant
from folkmoot.rooms.room import Room

FAST_S, SLOW_S = 0.01, 0.15
PATIENT_S = 2.0
"""Between two questions to a whole room for what nobody hears or sees yet: who comes into one that fills comes muted, and
would cost everybody there a negotiation."""


def ask(room: Room, participant: Participant, now: Now) -> None:
    """Soon, unless it was just asked: then a little later, with all that comes until then. Nothing is asked of one whose
    media isn't connected yet; it will be asked when it does."""
    if participant.sid not in room.asking and participant.active and participant.receives_on is not None:
        quiet = now.at - participant.asked_at >= SLOW_S
        _ask_at(room, participant, now.at + (FAST_S if quiet else SLOW_S))


def ask_sometime(room: Room, now: Now, *, after: float = FAST_S) -> None:
    """All who have something to negotiate, for what nobody waits for."""
    room.timers.arm_if_idle(("ask all", ""), max(now.at + after, room.all_asked_at + PATIENT_S))


def ask_again(room: Room, participant: Participant, now: Now, *, soon: bool) -> None:
    """A negotiation is through; what came meanwhile takes another. With one connection it may be on its way already."""
    connection = participant.receives_on
    if connection is None or not participant.active or not room.engine.negotiation(connection).needed:
        return
    if not soon:
        ask_sometime(room, now)
    elif participant.single is not None:
        _ask_at(room, participant, now.at + SLOW_S)
    else:
        ask_now(room, participant, now)


def _ask_at(room: Room, participant: Participant, at: float) -> None:
    """One timer for all: a track more in a large room is a question to everybody in it."""
    room.asking[participant.sid] = at
    room.timers.arm_sooner(("ask", ""), at)


def ask_due(room: Room, now: Now) -> None:
    for sid in [sid for sid, at in room.asking.items() if at <= now.at]:
        del room.asking[sid]
        if (participant := room.by_sid(sid)) is not None:
            ask_now(room, participant, now)
    if room.asking:
        room.timers.arm_sooner(("ask", ""), min(room.asking.values()))


def ask_all(room: Room, now: Now) -> None:
    room.all_asked_at = now.at
    for participant in room:
        if now.at - participant.asked_at < SLOW_S:
            ask(room, participant, now)  # what it was just asked for may be what it lacks
        elif participant.active:
            ask_now(room, participant, now)


def ask_now(room: Room, participant: Participant, now: Now) -> None:
    connection = participant.receives_on
    if connection is None:
        return
    if participant.outstanding is not None:
        return  # its answer will bring us back here
    negotiation = room.engine.negotiation(connection)
    if not negotiation.needed:
        return
    participant.asked_at = now.at
    if participant.single is not None:
        room.send(participant, responses.media_sections(negotiation.missing_audio, negotiation.missing_video))
    else:
        offer(room, participant, now)


def offer(room: Room, participant: Participant, now: Now) -> None:
    assert participant.subscriber is not None
    participant.outstanding = frozenset(participant.subscriptions)
    sdp = room.engine.create_offer(participant.subscriber)
    participant.offer_id += 1
    room.introduce(participant, participant.outstanding)
    room.send(participant, responses.offer(sdp, participant.offer_id))
    room.timers.arm(("answer", participant.sid), now.at + room.limits.offer_timeout_s)
