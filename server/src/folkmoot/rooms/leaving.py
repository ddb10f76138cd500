"""Every way out of a room ends here."""

from __future__ import annotations

from folkmoot.protocol import responses
from folkmoot.protocol.values import Action, Reason, State
from folkmoot.rooms.dynacast import reconsider
from folkmoot.rooms.model import Hangup, Now, Participant, ParticipantLeft, RoomClosed, TrackUnpublished
from folkmoot.rooms.room import Room
from folkmoot.rooms.subscribing import drop

TIMERS = ("join", "seen", "grace", "ask", "answer", "strays", "refresh", "brief")


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
    if action is not None:
        room.send(participant, responses.leave(reason, action))
    if participant.attached:
        room.out.append(Hangup(participant.sid))
        participant.attached = False
    room.drop(participant)
    for timer in TIMERS:
        room.timers.cancel((timer, participant.sid))
    for track in tuple(participant.published.values()):
        room.drop_track(participant, track)
        room.timers.cancel(("layers", participant.sid, track.info.sid))
        for subscriber in room:
            drop(room, subscriber, track.info.sid, now)
            subscriber.settings.pop(track.info.sid, None)
            subscriber.wanted.pop(track.info.sid, None)
        room.out.append(TrackUnpublished(room.name, participant.info(), track.info))
    for sid in participant.subscriptions:
        found = room.track(sid)
        if found is not None:
            reconsider(room, *found, now)
    room.engine.close_peer(participant.peer)
    was_active = participant.active
    participant.state = State.DISCONNECTED
    participant.version += 1
    if participant.announced and not replaced and not participant.permission.hidden:
        room.broadcast(responses.update([participant.info(reason)]))
    room.recount(now)
    room.out.append(ParticipantLeft(room.name, participant.info(reason), was_active))
    if room.empty and not room.closed:
        room.timers.arm(("empty", ""), now.at + room.departure_timeout_s)


def close(room: Room, reason: Reason, now: Now) -> None:
    """The room ends for everybody."""
    if room.closed:
        return
    room.closed = True
    for participant in room:
        participant.announced = False  # nobody is left to be told
        remove(room, participant, reason, now)
    room.timers.cancel(("empty", ""))
    room.engine.close_room(room.handle)
    room.out.append(RoomClosed(room.name, room.info()))
