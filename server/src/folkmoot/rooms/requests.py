"""A client's request, by the verb that serves it. What a person may not do is answered, never done in part."""

from __future__ import annotations

from folkmoot.protocol import requests, responses
from folkmoot.protocol.values import Action, Answered, Reason
from folkmoot.rooms import data_tracks, leaving, offers, publishing, simulating, subscribing
from folkmoot.rooms.model import Now, Participant
from folkmoot.rooms.room import Room

ANSWERS_OK_SINCE = 14
"""Clients up to this protocol take any RequestResponse for an error."""


def handle(room: Room, participant: Participant, request: requests.Request, now: Now) -> None:
    match request:
        case requests.Offer():
            offers.offered(room, participant, request, now)
        case requests.AnswerTo():
            offers.answered(room, participant, request, now)
        case requests.Trickle():
            offers.trickled(room, participant, request)
        case requests.AddTrack():
            publishing.add_track(room, participant, request, now)
        case requests.Mute():
            publishing.mute(room, participant, request, now)
        case requests.Subscribe():
            subscribing.asked(room, participant, request, now)
        case requests.TrackSettings():
            subscribing.configured(room, participant, request, now)
        case requests.Leave():
            leaving.remove(room, participant, Reason.CLIENT_INITIATED, now, action=None)
        case requests.UpdateMetadata():
            update_metadata(room, participant, request)
        case requests.UpdateAudioTrack():
            publishing.update_audio(room, participant, request, now)
        case requests.UpdateVideoTrack():
            publishing.update_video(room, participant, request, now)
        case requests.SubscriptionPermission():
            subscribing.permitted(room, participant, request, now)
            data_tracks.permitted(room, participant)
        case requests.SyncState():
            sync(room, participant, request, now)
        case requests.PublishDataTrack():
            data_tracks.publish(room, participant, request)
        case requests.UnpublishDataTrack():
            data_tracks.unpublish(room, participant, request)
        case requests.SubscribeData():
            data_tracks.asked(room, participant, request)
        case requests.Simulate():
            simulating.simulate(room, participant, request, now)
        case requests.Unsupported():
            room.send(participant, responses.unsupported(request.name, request.request_id))
        case requests.Ping() | requests.PingRequest() | requests.Unknown():
            pass  # the signal connection's own


def update_metadata(room: Room, participant: Participant, request: requests.UpdateMetadata) -> None:
    outcome, sentence = _metadata_outcome(room, participant, request)
    if outcome is Answered.OK:
        set_metadata(room, participant, request.name, request.metadata, dict(request.attributes))
    if outcome is not Answered.OK or participant.joining.client.protocol > ANSWERS_OK_SINCE:
        room.send(participant, responses.answered(outcome, request.request_id, sentence))


def set_metadata(
    room: Room, participant: Participant, name: str, metadata: str, attributes: dict[str, str]
) -> None:
    """An empty name or metadata changes nothing; an empty attribute is removed."""
    participant.name = name or participant.name
    participant.metadata = metadata or participant.metadata
    merged = {**participant.attributes, **attributes}
    participant.attributes = {key: value for key, value in merged.items() if value}
    room.changed(participant)


def sync(room: Room, participant: Participant, state: requests.SyncState, now: Now) -> None:
    """After a resume: what the client believes. A track we don't know means that it must begin anew."""
    known = set(participant.published) | {info.sid for info in participant.pending_info.values()}
    known |= {track.sid for track in participant.data_tracks.values()}
    if any(sid not in known for sid in (*state.published, *state.published_data)):
        leaving.remove(room, participant, Reason.STATE_MISMATCH, now, action=Action.RECONNECT)
        return
    if state.subscription is not None and state.subscription.track_sids:
        # the list holds the exceptions: unsubscribed ones when it subscribes by itself, else the subscribed ones
        subscribing.asked(room, participant, state.subscription, now)
    data_tracks.asked(room, participant, state.subscribed_data)
    if state.disabled:
        subscribing.configured(room, participant, requests.TrackSettings(state.disabled, disabled=True), now)


def _metadata_outcome(
    room: Room, participant: Participant, request: requests.UpdateMetadata
) -> tuple[Answered, str]:
    if not participant.permission.can_update_metadata:
        return Answered.NOT_ALLOWED, "does not have permission to update own metadata"
    attributes = {**participant.attributes, **request.attributes}
    if not room.limits.allow(request.name, request.metadata, attributes):
        return Answered.LIMIT_EXCEEDED, "too large"
    return Answered.OK, ""
