"""A track in a second codec, for those who lack its first: announced with the track, asked of its publisher when somebody
needs it (`dynacast`), and sent on a section of its own.

Law: it is the same track. Whoever gets it sees neither another name nor another publication of it.
"""

from __future__ import annotations

from folkmoot.engine import ReceivingSection
from folkmoot.protocol.requests import AddTrack
from folkmoot.protocol.values import Answered
from folkmoot.rooms.describing import in_backup
from folkmoot.rooms.dynacast import NONE, reconsider
from folkmoot.rooms.model import Backup, Now, Participant, Published
from folkmoot.rooms.room import Room


def expect(room: Room, participant: Participant, request: AddTrack) -> tuple[Answered, str]:
    """Its AddTrack names the track that is there."""
    if request.cid in participant.pending and participant.pending[request.cid].sid == request.sid:
        return Answered.OK, ""  # asked again
    track = participant.published.get(request.sid)
    if track is None:
        return Answered.NOT_FOUND, "no such track is published"
    if not track.backup_mime or request.kind is not track.info.kind:
        return Answered.UNSUPPORTED_TYPE, "no backup codec of this track was announced"
    awaited = any(other.sid == request.sid for other in participant.pending.values())
    if awaited or track.backup is not None or len(participant.pending) >= room.limits.pending_tracks:
        return Answered.LIMIT_EXCEEDED, "a track has one backup codec"
    if not request.cid or request.cid in participant.pending or _is_taken(participant, request.cid):
        return Answered.NOT_ALLOWED, "another track has that id"
    participant.pending[request.cid] = request
    participant.pending_info[request.cid] = track.info
    # Not by what the request says: clients name the first codec there.
    participant.preferred[request.cid] = track.backup_mime
    return Answered.OK, ""


def publish(
    room: Room, participant: Participant, request: AddTrack, section: ReceivingSection, now: Now
) -> None:
    track = participant.published.get(request.sid)
    if track is None or track.backup is not None:
        return
    room.engine.publish_backup(track.handle, section.mid, track.regresses)
    track.backup = Backup(request.cid, section.track_id, section.mid)
    layers = request.codecs[0].layers if request.codecs else ()
    track.info = in_backup(track.info, request.cid, section, now, layers or request.layers)
    room.changed(participant)
    reconsider(room, participant, track, now)


def settle(room: Room, participant: Participant, track: Published, now: Now) -> None:
    """Its publisher's sections are others now: the backup's may be gone."""
    backup = track.backup
    section = participant.sections.get(backup.mid) if backup is not None else None
    if backup is None or (section is not None and section.track_id == backup.section_track):
        return
    room.engine.drop_backup(track.handle)
    participant.preferred.pop(backup.cid, None)
    track.backup = None
    track.asked_layers = [track.asked_layers[0], NONE]
    track.info = in_backup(track.info, "", None, now)
    room.changed(participant)
    reconsider(room, participant, track, now)


def forget(participant: Participant, track: Published) -> None:
    """The track is no more, and what was still to come of it."""
    if track.backup is not None:
        participant.preferred.pop(track.backup.cid, None)
    for cid, request in tuple(participant.pending.items()):
        if request.sid == track.info.sid:
            del participant.pending[cid]
            participant.pending_info.pop(cid, None)
            participant.preferred.pop(cid, None)


def _is_taken(participant: Participant, cid: str) -> bool:
    backups = (track.backup.cid for track in participant.published.values() if track.backup is not None)
    return cid in backups or any(track.cid == cid for track in participant.published.values())
