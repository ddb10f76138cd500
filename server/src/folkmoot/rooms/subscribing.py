"""Who receives what. Law: a subscription exists in the engine exactly while `wants` says so."""

from __future__ import annotations

from collections.abc import Iterable

from folkmoot.protocol import responses, values
from folkmoot.protocol.requests import Subscribe, SubscriptionPermission, TrackSettings
from folkmoot.rooms.dynacast import NONE, reconsider, retake, tally
from folkmoot.rooms.model import Now, Participant, Published, Shown, Subscription, TrackGrants
from folkmoot.rooms.negotiation import PATIENT_S, ask, ask_sometime
from folkmoot.rooms.room import Room

MAX_REMEMBERED = 4096
SMALLEST = Shown(quality=values.LayerQuality.LOW)
"""What a client with an adaptive stream gets until it says how large it shows a track."""


def wants(subscriber: Participant, publisher: Participant, track: Published) -> bool:
    """Asked of each person for each track whenever somebody comes, so what says no most often is asked first."""
    return (
        subscriber.wanted.get(track.info.sid, subscriber.joining.auto_subscribe)
        and subscriber is not publisher
        and publisher.active
        and subscriber.may_be_given
        and subscriber.permission.can_subscribe
        and may_receive(publisher, subscriber, track)
    )


def may_receive(publisher: Participant, subscriber: Participant, track: Published) -> bool:
    """What the publisher lets others hear and see of it."""
    audience = publisher.audience
    return audience is None or audience.allow(subscriber.identity, subscriber.sid, track.info.sid)


def reconcile(
    room: Room, subscriber: Participant, publisher: Participant, track: Published, now: Now
) -> None:
    if _reconcile(room, subscriber, publisher, track, now):
        _ask(room, subscriber, track, now)


def _reconcile(
    room: Room, subscriber: Participant, publisher: Participant, track: Published, now: Now
) -> bool:
    """Whether it has to be negotiated now."""
    sid = track.info.sid
    has = sid in subscriber.subscriptions
    if wants(subscriber, publisher, track):
        return not has and _subscribe(room, subscriber, publisher, track, now)
    if has:
        drop(room, subscriber, sid, now)
        reconsider(room, publisher, track, now)
    return False


def _ask(room: Room, subscriber: Participant, track: Published, now: Now) -> None:
    if track.info.muted:
        ask_sometime(room, now)
    else:
        ask(room, subscriber, now)


def reconcile_track(room: Room, publisher: Participant, track: Published, now: Now) -> None:
    if publisher.coming:
        return  # nobody has or gets anything of it
    for subscriber in room:
        reconcile(room, subscriber, publisher, track, now)


def reconcile_subscriber(room: Room, subscriber: Participant, now: Now) -> None:
    shown = [p for p in room if not p.coming and p is not subscriber]
    tracks = [(publisher, track) for publisher in shown for track in publisher.published.values()]
    new = [track for publisher, track in tracks if _reconcile(room, subscriber, publisher, track, now)]
    if new:
        # Once for all: where one of them is heard or seen nothing waits.
        _ask(room, subscriber, next((track for track in new if not track.info.muted), new[0]), now)


def drop(room: Room, subscriber: Participant, sid: str, now: Now, *, gone: bool = False) -> None:
    """`gone`: the track is no more, which everybody is told at once; that its section is free may be said later."""
    subscription = subscriber.subscriptions.pop(sid, None)
    if subscription is not None:
        found = room.track(sid)
        if found is not None:
            tally(found[1], subscription, NONE)
        room.engine.unsubscribe(subscription.handle)
        if gone:
            ask_sometime(room, now, after=PATIENT_S)
        else:
            ask(room, subscriber, now)


def is_awaited(room: Room, subscriber: Participant) -> bool:
    """Something that it doesn't have yet could be heard or seen."""
    waiting = (room.track(sid) for sid, each in subscriber.subscriptions.items() if not each.bound)
    return any(found is not None and not found[1].info.muted for found in waiting)


def sounds(room: Room, track: Published, now: Now) -> None:
    """It was muted: who was in no hurry to have it is now."""
    for subscriber in room:
        subscription = subscriber.subscriptions.get(track.info.sid)
        if subscription is not None and not subscription.bound:
            ask(room, subscriber, now)


def bound(room: Room, subscriber: Participant, sids: frozenset[str]) -> None:
    """These were negotiated with the subscriber. A publisher is told of its first one: SDKs wait for it."""
    for sid in sids:
        subscription = subscriber.subscriptions.get(sid)
        if subscription is None or subscription.bound:
            continue
        subscription.bound = True
        publisher = room.by_sid(subscription.publisher)
        track = publisher.published.get(sid) if publisher else None
        if publisher and track and not track.heard_of:
            track.heard_of = True
            room.send(publisher, responses.track_subscribed(sid), kept_as=f"heard {sid}")
    for sid in sids:
        if (has := subscriber.subscriptions.get(sid)) is not None and has.paused:
            _tell_state(room, subscriber, has)


def refused(room: Room, subscriber: Participant, sids: Iterable[str], now: Now) -> None:
    """Its client has no codec for these. It isn't tried again unless the client asks: it may have learned one."""
    for sid in sids:
        found = room.track(sid)
        if found is not None and sid in subscriber.subscriptions:
            subscriber.wanted[sid] = False
            reconcile(room, subscriber, *found, now)
            room.send(subscriber, responses.subscription_error(sid, values.NotGiven.CODEC_UNSUPPORTED))


def in_backup(room: Room, subscriber: Participant, sids: Iterable[str], now: Now) -> None:
    """Of all that was negotiated with it these go out in their backup codec, which their publishers are asked for."""
    lacking, subscriptions = frozenset(sids), subscriber.subscriptions
    for sid in [sid for sid, has in subscriptions.items() if has.in_backup is not (sid in lacking)]:
        if (found := room.track(sid)) is not None:
            subscriptions[sid].in_backup = sid in lacking
            retake(room, *found, subscriptions[sid], now)


def paused(room: Room, subscriber: Participant, handle: int, is_paused: bool) -> None:
    """The subscriber's path does not carry this picture for now, or carries it again."""
    for subscription in subscriber.subscriptions.values():
        if subscription.handle == handle:
            subscription.paused = is_paused
            _tell_state(room, subscriber, subscription)


def carried(room: Room, subscriber: Participant, handle: int, layer: int, now: Now) -> None:
    """Up to that layer the subscriber's path carries this picture: nobody needs to send it what is above."""
    for sid, subscription in subscriber.subscriptions.items():
        if subscription.handle == handle and (found := room.track(sid)) is not None:
            subscription.carried = layer
            retake(room, *found, subscription, now)


def asked(room: Room, subscriber: Participant, request: Subscribe, now: Now) -> None:
    for sid in request.track_sids:
        if not _remembers(room, subscriber.wanted, sid):
            return
        subscriber.wanted[sid] = request.subscribe
        found = room.track(sid)
        if found is not None:
            reconcile(room, subscriber, *found, now)
        elif request.subscribe:
            room.send(subscriber, responses.subscription_error(sid, values.NotGiven.TRACK_NOT_FOUND))


def configured(room: Room, subscriber: Participant, request: TrackSettings, now: Now) -> None:
    settings = Shown(
        request.disabled, request.quality, request.width, request.height, request.fps, request.priority
    )
    for sid in request.track_sids:
        if not _remembers(room, subscriber.settings, sid):
            return
        subscriber.settings[sid] = settings
        found, subscription = room.track(sid), subscriber.subscriptions.get(sid)
        if found is not None and subscription is not None:
            _configure(room, found[1], subscription, settings)
            retake(room, *found, subscription, now)


def permitted(room: Room, publisher: Participant, request: SubscriptionPermission, now: Now) -> None:
    publisher.audience = None if request.all_participants else _audience(request)
    for track in tuple(publisher.published.values()):
        for subscriber in room:
            if subscriber is publisher:
                continue
            had = track.info.sid in subscriber.subscriptions
            reconcile(room, subscriber, publisher, track, now)
            if had != (track.info.sid in subscriber.subscriptions):
                allowed = may_receive(publisher, subscriber, track)
                told = responses.subscription_permission(publisher.sid, track.info.sid, allowed)
                room.send(subscriber, told, kept_as=f"permission {track.info.sid}")


def _remembers(room: Room, said: dict[str, bool] | dict[str, Shown], sid: str) -> bool:
    """Whether there is room for a word on that track; what was said of tracks that are no more makes room."""
    if sid not in said and len(said) >= MAX_REMEMBERED:
        for old in [old for old in said if room.track(old) is None]:
            del said[old]
    return sid in said or len(said) < MAX_REMEMBERED


def _tell_state(room: Room, subscriber: Participant, has: Subscription) -> None:
    told = responses.stream_states([(has.publisher, has.track_sid, has.paused)])
    room.send(subscriber, told, kept_as=f"paused {has.track_sid}")


def _audience(request: SubscriptionPermission) -> TrackGrants:
    """Two entries for one person add up."""
    all_of_it: set[str] = set()
    tracks: dict[str, set[str]] = {}
    for entry in request.permissions[:MAX_REMEMBERED]:
        for name in filter(None, (entry.identity, entry.sid)):
            tracks.setdefault(name, set()).update(entry.track_sids)
            if entry.all_tracks:
                all_of_it.add(name)
    return TrackGrants(
        {name: None if name in all_of_it else frozenset(sids) for name, sids in tracks.items()}
    )


def layer_for(track: values.Track, settings: Shown) -> int:
    """The lowest layer that is large enough: 0 low, 1 middle, 2 the best there is."""
    if settings.width and settings.height and any(v.height for v in track.layers):
        asked = min(settings.width, settings.height)
        layers = sorted(
            (v for v in track.layers if v.quality != values.LayerQuality.OFF), key=lambda v: v.quality
        )
        for rank, layer in enumerate(layers[:-1]):
            if min(layer.width, layer.height) >= asked:
                return min(rank, 2)
        return 2
    return settings.quality if settings.quality <= values.LayerQuality.HIGH else 0


def _subscribe(
    room: Room, subscriber: Participant, publisher: Participant, track: Published, now: Now
) -> bool:
    connection, info = subscriber.receives_on, track.info
    if connection is None:
        return False
    sid, handle = info.sid, room.house.engine.subscribe(connection, track.handle)
    subscription = subscriber.subscriptions[sid] = Subscription(sid, publisher.sid, handle)
    settings = subscriber.settings.get(sid)
    if settings is None and subscriber.joining.adaptive_stream and info.simulcast:
        settings = subscriber.settings[sid] = SMALLEST
    if settings is not None:
        _configure(room, track, subscription, settings)
    retake(room, publisher, track, subscription, now)
    return True


def _configure(room: Room, track: Published, subscription: Subscription, settings: Shown) -> None:
    enabled = not settings.disabled and settings.quality != values.LayerQuality.OFF
    layer, first = layer_for(track.info, settings), settings.first
    if (enabled, layer, first) != (subscription.enabled, subscription.max_layer, subscription.first):
        subscription.enabled, subscription.max_layer, subscription.first = enabled, layer, first
        room.engine.configure_subscription(subscription.handle, enabled, layer, *first)
