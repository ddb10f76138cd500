"""From "I want to publish" to a track that others see.

AddTrack and the offer that carries the track race each other; either may come first. Law: a track is published when both
its AddTrack and its section are here, matched by the client's own id of the track, and no sooner.
"""

from __future__ import annotations

from dataclasses import replace

from folkmoot.engine import Answer, ReceivingSection
from folkmoot.protocol import responses
from folkmoot.protocol.requests import AddTrack, Mute, UpdateAudioTrack, UpdateVideoTrack
from folkmoot.protocol.values import Answered, Kind, Source, Track
from folkmoot.rooms import backups
from folkmoot.rooms.describing import TF_NO_DTX, TF_STEREO, backup_mime, describe, negotiated
from folkmoot.rooms.model import Now, Participant, Published, TrackPublished, TrackUnpublished
from folkmoot.rooms.room import Room
from folkmoot.rooms.subscribing import drop, reconcile_track, sounds

STRAY_S = 0.5
"""How long a section waits for an AddTrack of its own name before one of the same kind is taken for it: some browsers
rename a track when it's attached."""

LETTERS = {
    Source.CAMERA: "VC",
    Source.MICROPHONE: "AM",
    Source.SCREEN_SHARE: "VS",
    Source.SCREEN_SHARE_AUDIO: "AS",
}


def add_track(room: Room, participant: Participant, request: AddTrack, now: Now) -> None:
    if not participant.permission.may_publish(request.source, request.kind):
        return _refuse(
            room, participant, request, Answered.NOT_ALLOWED, "does not have permission to publish"
        )
    if any(len(text) > room.limits.name_bytes for text in (request.cid, request.name, request.stream)):
        return _refuse(room, participant, request, Answered.LIMIT_EXCEEDED, "name is too long")
    if request.sid:
        return _add_backup(room, participant, request, now)
    if not request.cid or len(participant.published) >= room.limits.published_tracks:
        return _refuse(room, participant, request, Answered.LIMIT_EXCEEDED, "too many tracks")
    if request.cid in participant.pending:
        track = participant.pending_info[request.cid]
        room.send(participant, responses.track_published(request.cid, track))
        return None
    if any(p.cid == request.cid for p in participant.published.values()):
        queue = participant.queued.setdefault(request.cid, [])
        if len(queue) >= room.limits.queued_tracks:
            return _refuse(room, participant, request, Answered.LIMIT_EXCEEDED, "too many tracks of one id")
        queue.append(request)
        return _refuse(room, participant, request, Answered.QUEUED, "")
    if len(participant.pending) >= room.limits.pending_tracks:
        return _refuse(room, participant, request, Answered.LIMIT_EXCEEDED, "too many pending tracks")
    _expect(room, participant, request)
    match(room, participant, now)
    return None


def _add_backup(room: Room, participant: Participant, request: AddTrack, now: Now) -> None:
    """The same track in its second codec."""
    outcome, sentence = backups.expect(room, participant, request)
    if outcome is not Answered.OK:
        return _refuse(room, participant, request, outcome, sentence)
    room.send(participant, responses.track_published(request.cid, participant.pending_info[request.cid]))
    match(room, participant, now)
    return None


def settle(room: Room, participant: Participant, connection: int, answer: Answer, now: Now) -> None:
    """An offer was answered: what is gone from it is unpublished, what is new in it may be published."""
    participant.sections = {s.mid: s for s in answer.receiving}
    for track in tuple(participant.published.values()):
        section = participant.sections.get(track.info.mid)
        if track.connection == connection and (section is None or section.track_id != track.section_track):
            unpublish(room, participant, track, now)
        else:
            backups.settle(room, participant, track, now)
    match(room, participant, now)


def match(room: Room, participant: Participant, now: Now, *, strays: bool = False) -> None:
    free = _free_sections(participant)
    for section in free:
        cid = _cid_of(participant, section)
        if cid is not None:
            _publish(room, participant, participant.pending[cid], section, now)
    left = _free_sections(participant)
    if strays:
        for section in left:
            named = {s.track_id for s in participant.sections.values()}
            for cid, request in tuple(participant.pending.items()):
                if request.kind.name.lower() == section.kind and cid not in named:
                    _publish(room, participant, request, section, now)
                    break
    elif left and participant.pending:
        room.timers.arm(("strays", participant.sid), now.at + STRAY_S)


def unpublish(
    room: Room, participant: Participant, track: Published, now: Now, *, tell: bool = False
) -> None:
    sid = track.info.sid
    for subscriber in room:
        drop(room, subscriber, sid, now, gone=True)
    room.drop_track(participant, track)
    room.engine.unpublish(track.handle)
    room.timers.cancel(("layers", participant.sid, sid))
    participant.preferred.pop(track.cid, None)
    backups.forget(participant, track)
    if tell:
        room.send(participant, responses.track_unpublished(sid))
    room.changed(participant)
    room.recount(now)
    room.out.append(TrackUnpublished(room.name, participant.info(), track.info))
    queue = participant.queued.pop(track.cid, [])
    if queue:
        request = queue.pop(0)
        if queue:
            participant.queued[track.cid] = queue
        _expect(room, participant, request)


def mute(room: Room, participant: Participant, request: Mute, now: Now) -> None:
    """By its publisher. It knows already; only others are told."""
    track = participant.published.get(request.sid)
    if track is None:
        for cid, info in participant.pending_info.items():
            if info.sid == request.sid:
                participant.pending_info[cid] = replace(info, muted=request.muted)
        return
    _set_muted(room, track, request.muted, now)
    room.changed(participant, tell_self=False, urgent=False)


def mute_by_server(room: Room, participant: Participant, track: Published, muted: bool, now: Now) -> None:
    if track.info.muted == muted:
        return
    _set_muted(room, track, muted, now)
    room.send(participant, responses.mute(track.info.sid, muted), kept_as=f"mute {track.info.sid}")
    room.changed(participant)


def update_audio(room: Room, participant: Participant, request: UpdateAudioTrack, now: Now) -> None:
    track = participant.published.get(request.sid)
    if track is not None and track.info.kind is Kind.AUDIO:
        track.info = replace(
            track.info,
            audio_features=request.features[:16],
            stereo=TF_STEREO in request.features,
            disable_dtx=TF_NO_DTX in request.features,
            changed_us=now.ms * 1000,
        )
        room.changed(participant)


def update_video(room: Room, participant: Participant, request: UpdateVideoTrack, now: Now) -> None:
    track = participant.published.get(request.sid)
    if track is not None and track.info.kind is Kind.VIDEO:
        track.info = replace(track.info, width=request.width, height=request.height, changed_us=now.ms * 1000)
        room.changed(participant)


def preferences(participant: Participant) -> dict[str, str]:
    """cid → what its publisher asked for: which codec comes first in the answer, how many channels it has, and
    whether silence is left out."""
    return dict(participant.preferred)


def _expect(room: Room, participant: Participant, request: AddTrack) -> None:
    letters = LETTERS.get(request.source, "AM" if request.kind is Kind.AUDIO else "VC")
    track = describe(room.house.sids.track(letters), request)
    participant.pending[request.cid] = request
    participant.pending_info[request.cid] = track
    if track.kind is Kind.AUDIO:
        codec = "opus" if track.disable_red or track.stereo or track.encryption else "red"
        stereo, dtx = ";stereo=1" if track.stereo else "", "" if track.disable_dtx else ";usedtx=1"
        participant.preferred[request.cid] = f"audio/{codec}{stereo}{dtx}"
    elif track.mime:
        participant.preferred[request.cid] = track.mime
    room.send(participant, responses.track_published(request.cid, track))


def _publish(
    room: Room, participant: Participant, request: AddTrack, section: ReceivingSection, now: Now
) -> None:
    connection = participant.single if participant.single is not None else participant.publisher
    assert connection is not None
    del participant.pending[request.cid]
    if request.sid:
        participant.pending_info.pop(request.cid)
        return backups.publish(room, participant, request, section, now)
    info = negotiated(participant.pending_info.pop(request.cid), section, now)
    info = _begun(room, participant, info)
    backup = backup_mime(info)
    handle = room.engine.publish(connection, section.mid, info.sid, info.source.word, backup or None)
    if info.muted:
        room.engine.set_muted(handle, True)
    if info.packet_trailer_features:
        # Its pictures say when they were taken: one from before somebody came is not what they came for.
        room.engine.never_replay(handle)
    track = Published(info, request.cid, section.track_id, connection, handle, backup_mime=backup)
    room.add_track(participant, track)
    room.changed(participant)
    room.recount(now)
    room.out.append(TrackPublished(room.name, participant.info(), info))
    reconcile_track(room, participant, track, now)
    return None


def _begun(room: Room, participant: Participant, info: Track) -> Track:
    """The first microphone of one who comes in muted; they may unmute it."""
    if not participant.begins_muted or info.source is not Source.MICROPHONE:
        return info
    participant.begins_muted = False
    if not info.muted:
        room.send(participant, responses.mute(info.sid, True), kept_as=f"mute {info.sid}")
    return replace(info, muted=True)


def _free_sections(participant: Participant) -> list[ReceivingSection]:
    taken = {p.info.mid for p in participant.published.values()}
    taken |= {p.backup.mid for p in participant.published.values() if p.backup is not None}
    return [s for mid, s in participant.sections.items() if mid not in taken]


def _cid_of(participant: Participant, section: ReceivingSection) -> str | None:
    """Only of the kind it was announced as: what may be sent was asked of that."""
    announced = {
        cid: request
        for cid, request in participant.pending.items()
        if request.kind.name.lower() == section.kind
    }
    if section.track_id in announced:
        return section.track_id
    for cid, request in announced.items():
        if section.track_id and any(codec.cid == section.track_id for codec in request.codecs):
            return cid
    return None


def _set_muted(room: Room, track: Published, muted: bool, now: Now) -> None:
    track.info = replace(track.info, muted=muted, changed_us=now.ms * 1000)
    room.engine.set_muted(track.handle, muted)
    if not muted:
        sounds(room, track, now)


def _refuse(
    room: Room, participant: Participant, request: AddTrack, outcome: Answered, sentence: str
) -> None:
    room.send(participant, responses.add_track_answered(outcome, request.cid, sentence))
