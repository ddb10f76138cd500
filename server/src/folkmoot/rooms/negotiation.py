"""Getting a negotiation going. In v1 only clients offer, so we ask for one; in v0 we offer on the subscriber connection,
one offer at a time. Law: changes that come together are negotiated together; nothing is asked that the engine doesn't need.
"""

from __future__ import annotations

from folkmoot.protocol import responses
from folkmoot.rooms.model import Now, Participant
from folkmoot.rooms.room import Room

FAST_S, SLOW_S = 0.01, 0.15


def ask(room: Room, participant: Participant, now: Now) -> None:
    """Soon, unless it was just asked: then a little later, with all that comes until then. Nothing is asked of one whose
    media isn't connected yet; it will be asked when it does."""
    if participant.receives_on is None or not participant.active:
        return
    quiet = now.at - participant.asked_at >= SLOW_S
    room.timers.arm_if_idle(("ask", participant.sid), now.at + (FAST_S if quiet else SLOW_S))


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
