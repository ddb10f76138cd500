"""Somebody's tracks and words in another room, too.

A forwarded participant stands in the other room for the one that it is from: the same sid and the same tracks, and no connection.
Law: it changes when that one does, and ends with it; removed from the other room it ends there alone. It receives nothing. What
its receivers need, such as a larger layer, is told to the one that it stands for. Who begins anew, as clients do when nothing else
helps, is forwarded again as soon as it is there.
"""

from __future__ import annotations

from dataclasses import replace

from folkmoot.kit import Refusal
from folkmoot.protocol.tokens import Claims
from folkmoot.rooms import arriving, data_tracks, subscribing
from folkmoot.rooms.dynacast import reconsider
from folkmoot.rooms.model import (
    Now,
    Participant,
    ParticipantJoined,
    TrackPublished,
    TrackUnpublished,
)
from folkmoot.rooms.room import Forward, Room


def may_forward(participant: Participant, to: Room | None) -> Refusal | None:
    if not participant.active:
        return Refusal("participant.not_connected")
    if to is None or participant.sid in to.stand_ins:
        return None
    if to.by_identity(participant.identity) is not None:
        return Refusal("participant.there_already")
    return arriving.may_join(to, participant.claims)


def begin(room: Room, participant: Participant, to: Room, now: Now) -> None:
    """Once more: it is so already."""
    if participant.sid in to.stand_ins:
        return
    stand_in = _stand_in(participant, to, now)
    forward = to.stand_ins[stand_in.sid] = Forward(room, participant, to, stand_in, participant.version)
    room.forwards.append(forward)
    room.reached.append(to)
    room.engine.forward_peer(participant.peer, to.handle, True)
    if to.updates.come(participant.identity):
        to.tell_updates(now)
    to.add(stand_in)
    if not stand_in.is_helper:
        to.timers.cancel(("empty", ""))
    to.out.append(ParticipantJoined(to.name, stand_in.info()))
    for sid in tuple(participant.published):
        _publish(forward, sid, now)
    for data in tuple(participant.data_tracks.values()):
        to.data_tracks[data.sid] = (stand_in, data)
        data_tracks.offer(to, stand_in, data)
    to.changed(stand_in)
    to.recount(now)


def reflect(room: Room, now: Now) -> None:
    """Makes stand-ins as those are whom they stand for."""
    if room.returning:
        _take_up(room, now)
    for forward in room.forwards:
        if forward.version != forward.origin.version:
            forward.version = forward.origin.version
            _follow(forward, now)
            room.reached.append(forward.room)


def _take_up(room: Room, now: Now) -> None:
    """Those who are back are forwarded as they were."""
    for identity, returning in tuple(room.returning.items()):
        participant = room.by_identity(identity)
        back = participant is not None and participant.active
        if back or returning.until <= now.at:
            del room.returning[identity]
        if participant is None or not back or returning.until <= now.at:
            continue
        for to in returning.to:
            if not to.closed and may_forward(participant, to) is None:
                begin(room, participant, to, now)


def _stand_in(participant: Participant, to: Room, now: Now) -> Participant:
    permission = replace(participant.permission, can_subscribe=False)
    claims = Claims("", participant.identity, kind=participant.claims.kind)
    return replace(
        participant,
        claims=replace(claims, video=replace(participant.claims.video, room=to.name, permission=permission)),
        permission=permission,
        joined_at_ms=now.ms,
        attached=False,
        announced=not permission.hidden,
        connected=False,
        single=None,
        publisher=None,
        subscriber=None,
        pending={},
        pending_info={},
        subscriptions={},
        wanted={},
        settings={},
        data_wanted={},
        data_handles={},
        missed={},
        origin=participant,
        _encoded=None,
        data_tracks=dict(participant.data_tracks),
    )


def _follow(forward: Forward, now: Now) -> None:
    participant, to, stand_in = forward.origin, forward.room, forward.stand_in
    stand_in.name, stand_in.metadata = participant.name, participant.metadata
    stand_in.attributes, stand_in.audience = participant.attributes, participant.audience
    stand_in.permission = replace(participant.permission, can_subscribe=False)
    for sid in forward.tracks.keys() - participant.published.keys():
        _unpublish(forward, sid, now)
    for sid in participant.published.keys() - forward.tracks.keys():
        _publish(forward, sid, now)
    for track in participant.published.values():
        if not track.info.muted:
            subscribing.sounds(to, track, now)
    _follow_data(participant, to, stand_in)
    to.count(stand_in)
    to.changed(stand_in)


def _follow_data(participant: Participant, to: Room, stand_in: Participant) -> None:
    for handle in stand_in.data_tracks.keys() - participant.data_tracks.keys():
        data_tracks.end(to, stand_in, stand_in.data_tracks[handle])
    for handle in participant.data_tracks.keys() - stand_in.data_tracks.keys():
        data = stand_in.data_tracks[handle] = participant.data_tracks[handle]
        to.data_tracks[data.sid] = (stand_in, data)
        data_tracks.offer(to, stand_in, data)


def _publish(forward: Forward, sid: str, now: Now) -> None:
    to, stand_in = forward.room, forward.stand_in
    track = forward.tracks[sid] = stand_in.published[sid]
    to.add_track(stand_in, track)
    to.out.append(TrackPublished(to.name, stand_in.info(), track.info))
    subscribing.reconcile_track(to, stand_in, track, now)
    reconsider(to, stand_in, track, now)


def _unpublish(forward: Forward, sid: str, now: Now) -> None:
    to, track = forward.room, forward.tracks.pop(sid)
    to.withdraw(sid)
    for subscriber in to:
        subscribing.drop(to, subscriber, sid, now, gone=True)
    to.out.append(TrackUnpublished(to.name, forward.stand_in.info(), track.info))
