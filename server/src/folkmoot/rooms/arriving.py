"""Coming in, becoming visible, and coming back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from folkmoot.engine import EngineError
from folkmoot.kit import Refusal
from folkmoot.protocol import responses
from folkmoot.protocol.devices import disabled
from folkmoot.protocol.joining import Joining
from folkmoot.protocol.tokens import Claims, visible
from folkmoot.protocol.values import Reason, State
from folkmoot.rooms import (
    data_tracks,
    leaving,
    negotiation,
    offers,
    publishing,
    requests,
    simulating,
    subscribing,
)
from folkmoot.rooms.model import (
    ANY_TERMS,
    Limits,
    Now,
    Participant,
    ParticipantJoined,
    Terms,
    is_helper,
    with_sources,
)
from folkmoot.rooms.room import Room

MEETING_PREFIX = "m-"
BRIEF_S = 1.0
"""How long after ICE and DTLS are connected one hears who speaks: SDKs drop such news until they think themselves connected."""

SEEN_S = 3.0
"""How long others don't see one whose media isn't connected yet: mostly it is much sooner, and they are told once."""

GO_S = 0.03
"""How long the answer to a Go client's first offer waits: its SDK reads answers before it has set the offer they are to,
and a connection whose answer came that soon never connects."""


def may_join(room: Room, claims: Claims) -> Refusal | None:
    """Helpers take nobody's place; who comes again takes its own."""
    older = room.by_identity(claims.identity)
    others = room.people - (older is not None and not older.is_helper)
    if (
        room.max_participants
        and others >= room.max_participants
        and not is_helper(claims.kind, claims.video.permission)
    ):
        return Refusal("room.full", {"max": room.max_participants})
    return None


def fits(claims: Claims, joining: Joining, limits: Limits) -> bool:
    room = limits.allow("", claims.room_config.metadata, {})
    return room and limits.allow("", joining.metadata or claims.metadata, _attributes(claims, joining))


def join(room: Room, claims: Claims, joining: Joining, now: Now, terms: Terms = ANY_TERMS) -> Participant:
    if room.name.startswith(MEETING_PREFIX):
        claims = visible(claims)
    if terms.sources is not None:
        permission = with_sources(claims.video.permission, terms.sources)
        claims = replace(claims, video=replace(claims.video, permission=permission))
    participant = _enter(room, claims, joining, now)
    participant.begins_muted = terms.begins_muted
    older = room.by_identity(claims.identity)
    if room.updates.come(claims.identity):
        room.tell_updates(now)  # before the newcomer is among those who are told: it would take it for itself
    if older is not None:
        participant.announced = older.announced and not participant.permission.hidden
        leaving.remove(room, older, Reason.DUPLICATE_IDENTITY, now, replaced=participant.announced)
    room.add(participant)
    if not participant.is_helper:
        room.timers.cancel(("empty", ""))
    room.timers.arm(("join", participant.sid), now.at + room.limits.join_timeout_s)
    room.timers.arm(("seen", participant.sid), now.at + SEEN_S)
    others = [p.encoded() for p in room if p is not participant and p.announced and not p.permission.hidden]
    room.send(
        participant,
        responses.join(
            room.house.server,
            room.info(),
            participant.info(),
            others,
            subscriber_primary=participant.subscriber_primary,
            sif_trailer=room.sif_trailer,
            disabled=disabled(participant.joining.client),
        ),
    )
    participant.state = State.JOINED
    refresh(room, participant, now)
    for request in joining.add_tracks[: room.limits.pending_tracks]:
        publishing.add_track(room, participant, request, now)
    if joining.offer is not None and participant.single is not None:
        if joining.client.sdk == "go":
            participant.early_offer = joining.offer
            room.timers.arm(("early", participant.sid), now.at + GO_S)
        else:
            offers.offered(room, participant, joining.offer, now)
    if participant.subscriber is not None:
        negotiation.offer(room, participant, now)
    if participant.announced:
        room.changed(participant)
    return participant


def refresh(room: Room, participant: Participant, now: Now) -> None:
    """A token to come back with; the one it joined with may end before the call does."""
    room.send(participant, responses.refresh_token(renewed(room, participant, now)))


def renewed(room: Room, participant: Participant, now: Now) -> str:
    """Its token, with what it may and is by now; from now on the next is made in time."""
    claims = replace(
        participant.claims,
        name=participant.name,
        metadata=participant.metadata,
        attributes=participant.attributes,
        video=replace(participant.claims.video, permission=participant.permission),
    )
    room.timers.arm(("refresh", participant.sid), now.at + room.limits.refresh_every_s)
    return room.house.keys.refresh(claims)


def activate(room: Room, participant: Participant, now: Now) -> None:
    """ICE and DTLS of its primary connection are connected: others may see it, and media may flow."""
    participant.connected = True
    if participant.active:
        watch(room, participant, now)
        return
    participant.state = State.ACTIVE
    participant.announced = not participant.permission.hidden
    for timer in ("join", "seen"):
        room.timers.cancel((timer, participant.sid))
    room.changed(participant)
    room.recount(now)
    room.timers.arm(("brief", participant.sid), now.at + BRIEF_S)
    room.out.append(ParticipantJoined(room.name, participant.info()))
    for track in tuple(participant.published.values()):
        subscribing.reconcile_track(room, participant, track, now)
    subscribing.reconcile_subscriber(room, participant, now)
    data_tracks.reconcile_all(room, participant)
    negotiation.ask(room, participant, now)


def seen(room: Room, participant: Participant) -> None:
    """Its media takes long, or will never come: others see at least that somebody is there."""
    if not participant.announced and not participant.permission.hidden:
        participant.announced = True
        room.changed(participant, tell_self=False)


def watch(room: Room, participant: Participant, now: Now) -> None:
    """How long it may be without its signal, its media, or both."""
    limits, key = room.limits, ("grace", participant.sid)
    if not participant.active:
        if not participant.attached:  # nobody was told of it yet, and it can't resume
            room.timers.arm(key, now.at + limits.dead_grace_s)
    elif participant.attached and participant.connected:
        room.timers.cancel(key)
    elif participant.attached:
        room.timers.arm(key, now.at + limits.media_grace_s)
    else:
        room.timers.arm(
            key, now.at + (limits.signal_grace_s if participant.connected else limits.dead_grace_s)
        )


def may_resume(room: Room, claims: Claims, joining: Joining, sid: str) -> Participant | None:
    """`sid`: its own now, which may be another than the one that it knows."""
    participant = room.by_identity(claims.identity)
    if participant is None or not participant.active or participant.sid != sid:
        return None
    if (participant.single is not None) != joining.single:
        return None
    return participant


def resume(room: Room, participant: Participant, joining: Joining, now: Now) -> None:
    """The signal is back on another socket. What was missed is told by telling everything."""
    participant.attached = True
    watch(room, participant, now)
    if simulating.cut_off(room, participant, now, told=False):
        return
    room.engine.set_away(participant.peer, False)
    heard = room.engine.last_message(participant.peer)
    room.send(participant, responses.reconnect(room.house.server, heard, disabled(joining.client)))
    room.catch_up(participant, now)
    data_tracks.catch_up(room, participant)
    room.send(participant, responses.room_update(room.info()))
    if simulating.cut_off(room, participant, now, told=True):
        return
    refresh(room, participant, now)
    if joining.sync is not None:
        requests.sync(room, participant, joining.sync, now)
    if joining.offer is not None and participant.single is not None:
        offers.offered(room, participant, joining.offer, now)
    if room.by_sid(participant.sid) is None:
        return  # what it believes or offers can't be
    room.timers.arm(("brief", participant.sid), now.at + BRIEF_S)
    if participant.subscriber is not None:
        room.engine.restart_ice(participant.subscriber)  # it may be on another network now
        negotiation.offer(room, participant, now)
    negotiation.ask(room, participant, now)


def _enter(room: Room, claims: Claims, joining: Joining, now: Now) -> Participant:
    permission, sid = claims.video.permission, room.house.sids.participant()
    peer = room.engine.open_peer(room.handle, claims.identity, sid, permission.can_publish_data)
    if room.is_met_by_tcp(claims.identity, now):
        with suppress(EngineError):  # without TCP it is met as everybody is
            room.engine.use_tcp(peer)
    if joining.client.sdk == "go":
        room.engine.announce_muted(peer)  # Pion tells its program of a track at the first packet
    participant = Participant(
        sid=sid,
        identity=claims.identity,
        claims=claims,
        joining=replace(joining, offer=None, add_tracks=(), sync=None),  # read once, and large
        peer=peer,
        name=claims.name,
        metadata=joining.metadata or claims.metadata,
        attributes=_attributes(claims, joining),
        permission=permission,
        joined_at_ms=now.ms,
    )
    if joining.single:
        participant.single = room.engine.open_connection(peer, "single")
    else:
        participant.publisher = room.engine.open_connection(peer, "publisher")
        participant.subscriber = room.engine.open_connection(peer, "subscriber")
        participant.subscriber_primary = permission.can_subscribe
    return participant


def _attributes(claims: Claims, joining: Joining) -> dict[str, str]:
    """What it says of itself beats its token, but takes nothing away."""
    return {**claims.attributes, **{key: value for key, value in joining.attributes.items() if value}}
