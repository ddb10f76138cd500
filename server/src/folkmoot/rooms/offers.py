"""Session descriptions, both ways. Law: an offer is answered with its own id, 0 included (some SDKs never count), and one
that the engine can't read costs only the one who sent it.
"""

from __future__ import annotations

from folkmoot.engine import EngineError
from folkmoot.protocol import responses
from folkmoot.protocol.requests import AnswerTo, Offer, Trickle
from folkmoot.protocol.values import Action, Reason
from folkmoot.rooms import leaving, publishing, subscribing
from folkmoot.rooms.model import Now, Participant
from folkmoot.rooms.negotiation import ask_again
from folkmoot.rooms.room import Room


def offered(room: Room, participant: Participant, offer: Offer, now: Now) -> None:
    connection = participant.single if participant.single is not None else participant.publisher
    assert connection is not None
    participant.early_offer = None
    if not participant.active:
        subscribing.reconcile_subscriber(room, participant, now)
    try:
        answer = room.engine.accept_offer(connection, offer.sdp, publishing.preferences(participant))
    except EngineError:
        leaving.remove(room, participant, Reason.MEDIA_FAILURE, now, action=Action.RECONNECT)
        return
    publishing.settle(room, participant, connection, answer, now)
    room.introduce(participant, answer.mid_to_track.values())
    room.send(participant, responses.answer(answer.sdp, offer.id, answer.mid_to_track))
    if participant.single is not None:
        subscribing.bound(room, participant, frozenset(answer.mid_to_track.values()))
        subscribing.refused(room, participant, answer.refused, now)
        subscribing.in_backup(room, participant, answer.in_backup, now)
        ask_again(room, participant, now, soon=subscribing.is_awaited(room, participant))


def answered(room: Room, participant: Participant, answer: AnswerTo, now: Now) -> None:
    if participant.subscriber is None or participant.outstanding is None:
        return
    if answer.id not in (0, participant.offer_id):
        return  # of an offer that was given up
    try:
        accepted = room.engine.accept_answer(participant.subscriber, answer.sdp)
    except EngineError:
        leaving.remove(room, participant, Reason.MEDIA_FAILURE, now, action=Action.RECONNECT)
        return
    sids, participant.outstanding = participant.outstanding, None
    room.timers.cancel(("answer", participant.sid))
    subscribing.bound(room, participant, sids.difference(accepted.refused))
    subscribing.refused(room, participant, accepted.refused, now)
    subscribing.in_backup(room, participant, accepted.in_backup, now)
    ask_again(
        room, participant, now, soon=bool(accepted.refused) or subscribing.is_awaited(room, participant)
    )


def unanswered(room: Room, participant: Participant, now: Now) -> None:
    leaving.remove(room, participant, Reason.STATE_MISMATCH, now, action=Action.RECONNECT)


def trickled(room: Room, participant: Participant, trickle: Trickle) -> None:
    """We are ICE-lite: candidates are accepted and mean nothing."""
    connection = participant.subscriber if trickle.to_subscriber else participant.publisher
    connection = participant.single if participant.single is not None else connection
    if connection is not None and len(trickle.candidate) <= 4096:
        try:
            room.engine.add_candidate(connection, trickle.candidate)
        except EngineError:
            return
