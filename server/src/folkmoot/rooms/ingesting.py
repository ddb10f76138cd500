"""Somebody without a signal of its own: it offers once, by HTTP (WHIP, RFC 9725), and what it offers is published.

Law: it is a participant like others, by the same door and under the same rights; only that nothing can be said to it, so nobody waits
for its AddTrack: each section that it sends on is a track.
"""

from __future__ import annotations

from folkmoot.protocol.requests import AddTrack, Offer
from folkmoot.protocol.values import Kind, Layer, Source
from folkmoot.rooms import offers, publishing
from folkmoot.rooms.model import Now, Participant
from folkmoot.rooms.room import Room

SOURCES = {"audio": (Kind.AUDIO, Source.MICROPHONE), "video": (Kind.VIDEO, Source.CAMERA)}


def offered(room: Room, participant: Participant, offer: Offer, now: Now) -> bool:
    """False: that is no offer, or nothing is sent by it that may be."""
    offers.offered(room, participant, offer, now)
    if room.by_sid(participant.sid) is not participant:
        return False
    taken = {track.info.mid for track in participant.published.values()}
    for mid, section in tuple(participant.sections.items()):
        if mid not in taken:
            kind, source = SOURCES[section.kind]
            layers = tuple(Layer(rank) for rank in range(len(section.rids)))
            cid = section.track_id or f"section {mid}"
            publishing.add_track(room, participant, AddTrack(cid, kind, source, layers=layers), now)
    return bool(participant.published or participant.pending)
