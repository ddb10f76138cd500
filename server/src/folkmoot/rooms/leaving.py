"""Every way out of a room ends here."""

from __future__ import annotations

from collections.abc import Iterable

from folkmoot.protocol import responses
from folkmoot.protocol.values import Action, Reason, State
from folkmoot.rooms import data_tracks
from folkmoot.rooms.dynacast import NONE, reconsider, tally
from folkmoot.rooms.model import Hangup, Now, Participant, ParticipantLeft, RoomClosed, TrackUnpublished
from folkmoot.rooms.room import Forward, Returning, Room
from folkmoot.rooms.subscribing import drop

TIMERS = ("join", "seen", "grace", "answer", "strays", "refresh", "brief")


RETURN_S = 30.0
"""Clients that begin anew, as they do when nothing else helps, say goodbye first, and are back within that."""
FINAL = {Reason.PARTICIPANT_REMOVED, Reason.ROOM_DELETED, Reason.ROOM_CLOSED, Reason.MIGRATION}
"""Somebody wanted that, not the client."""


def remove(
    room: Room,
    participant: Participant,
    reason: Reason,
    now: Now,
    *,
    action: Action | None = Action.DISCONNECT,
    replaced: bool = False,
) -> None:
    """`action` None: nothing is said to it, for it said goodbye itself or can't hear. `replaced`: its identity lives on."""
    if room.by_sid(participant.sid) is not participant:
        return
    end_forwards(room, participant, reason, now)
    forward = room.stand_ins.get(participant.sid)
    if forward is not None:
        action = None
        _part(room, forward)
    _say_goodbye(room, participant, reason, action)
    for track in tuple(participant.published.values()):
        for subscriber in room:
            drop(room, subscriber, track.info.sid, now)
        room.drop_track(participant, track)
        room.out.append(TrackUnpublished(room.name, participant.info(), track.info))
        if forward is not None:
            reconsider(forward.home, forward.origin, track, now)
    data_tracks.forget(room, participant)
    for sid, subscription in participant.subscriptions.items():
        found = room.track(sid)
        if found is not None:
            tally(found[1], subscription, NONE)
            reconsider(room, *found, now)
    if forward is None:
        room.engine.close_peer(participant.peer)
    was_active = participant.active
    participant.state = State.DISCONNECTED
    if replaced:
        participant.version += 1
        room.updates.forget(participant)
    else:
        room.ended(participant, reason, now)
    room.recount(now)
    room.out.append(ParticipantLeft(room.name, participant.info(reason), was_active))
    if not participant.is_helper:
        room.watch_emptiness(now)


def send_away(room: Room, reason: Reason, now: Now, *, action: Action = Action.DISCONNECT) -> None:
    """Everybody at once. Nobody is left to be told of the others, so each costs the same however many there are."""
    for participant in room:
        if participant.sid in room.stand_ins:
            remove(room, participant, reason, now)
        else:
            end_forwards(room, participant, reason, now)
    everybody = list(room)
    for participant in everybody:
        _say_goodbye(room, participant, reason, action)
    for participant in everybody:
        room.engine.close_peer(participant.peer)
        was_active = participant.active
        for track in tuple(participant.published.values()):
            room.drop_track(participant, track)
            room.out.append(TrackUnpublished(room.name, participant.info(), track.info))
        for data in participant.data_tracks.values():
            room.data_tracks.pop(data.sid, None)
        participant.state = State.DISCONNECTED
        participant.version += 1
        room.updates.forget(participant)
        room.out.append(ParticipantLeft(room.name, participant.info(reason), was_active))
    if everybody:
        room.watch_emptiness(now)


def come_again(room: Room, connections: Iterable[int], reason: Reason, now: Now) -> None:
    """Whose connections we have lost, by no fault of theirs. Mostly all of a room, at once."""
    whose = [room.by_connection(connection) for connection in connections]
    people = {participant.sid: participant for participant in whose if participant is not None}
    if len(people) == len(list(room)):
        return send_away(room, reason, now, action=Action.RECONNECT)
    for participant in people.values():
        remove(room, participant, reason, now, action=Action.RECONNECT)


def close(room: Room, reason: Reason, now: Now) -> None:
    """The room ends for everybody."""
    if room.closed:
        return
    room.closed = True
    send_away(room, reason, now)
    room.timers.cancel(("empty", ""))
    room.engine.close_room(room.handle)
    room.out.append(RoomClosed(room.name, room.info()))


def end_forwards(room: Room, participant: Participant, reason: Reason, now: Now) -> None:
    """Who leaves its room isn't heard elsewhere any more, until it is back."""
    for forward in [forward for forward in room.forwards if forward.origin is participant]:
        if reason not in FINAL:
            known = room.returning.setdefault(participant.identity, Returning(now.at + RETURN_S))
            known.to.append(forward.room)
        remove(forward.room, forward.stand_in, reason, now)
        room.reached.append(forward.room)


def _part(room: Room, forward: Forward) -> None:
    """It only stands for another, whose tracks and connection go on."""
    del room.stand_ins[forward.stand_in.sid]
    forward.home.forwards.remove(forward)
    room.reached.append(forward.home)
    forward.stand_in.published = forward.tracks
    room.engine.forward_peer(forward.origin.peer, room.handle, False)


def _say_goodbye(room: Room, participant: Participant, reason: Reason, action: Action | None) -> None:
    if action is not None:
        room.send(participant, responses.leave(reason, action))
    if participant.attached:
        room.out.append(Hangup(participant.sid))
        participant.attached = False
    room.drop(participant)
    for timer in TIMERS:
        room.timers.cancel((timer, participant.sid))
    for sid in participant.published:
        room.timers.cancel(("layers", participant.sid, sid))
