"""Who a token says one is, and which tokens are not believed."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest

from folkmoot.kit import ManualClock
from folkmoot.protocol.tokens import Claims, Keys, RoomConfig, TokenRefused, VideoGrant, visible
from folkmoot.protocol.values import Permission, Source

SECRET = "s" * 32


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def keys(clock: ManualClock) -> Keys:
    return Keys({"key": SECRET, "other": "o" * 32}, clock)


def signed(clock: ManualClock, secret: str = SECRET, algorithm: str = "HS256", **payload: Any) -> str:
    body = {"iss": "key", "sub": "alice", "exp": int(clock.now().timestamp()) + 60, **payload}
    return jwt.encode({k: v for k, v in body.items() if v is not None}, secret, algorithm=algorithm)


def test_what_is_minted_is_read_back(keys: Keys) -> None:
    permission = Permission(
        can_publish=False,
        can_publish_sources=frozenset({Source.SCREEN_SHARE}),
        can_update_metadata=True,
        hidden=True,
    )
    claims = Claims(
        "other", "alice", "Alice", "m", {"a": "b"}, 4, VideoGrant("room", True, permission=permission)
    )
    back = keys.verify(keys.mint(claims, timedelta(minutes=1)))
    assert (back.key, back.identity, back.name, back.metadata, back.attributes) == (
        "other",
        "alice",
        "Alice",
        "m",
        {"a": "b"},
    )
    assert (back.kind, back.video) == (4, claims.video)


def test_absent_rights_to_publish_and_subscribe_are_granted_and_others_are_not(
    keys: Keys, clock: ManualClock
) -> None:
    may = keys.verify(signed(clock, video={"roomJoin": True, "room": "r"})).video.permission
    assert (may.can_publish, may.can_subscribe, may.can_publish_data) == (True, True, True)
    assert (may.can_update_metadata, may.hidden, may.recorder) == (False, False, False)
    none = {"canPublish": False, "canSubscribe": False, "canPublishData": False}
    assert keys.verify(signed(clock, video=none)).video.permission == Permission(False, False, False)


def test_tokens_that_are_not_believed(keys: Keys, clock: ManualClock) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    body = base64.urlsafe_b64encode(json.dumps({"iss": "key", "sub": "alice", "exp": 9e9}).encode()).decode()
    now = int(clock.now().timestamp())
    for token in (
        "",
        "nonsense",
        f"{header}.{body.rstrip('=')}.",
        signed(clock, secret="x" * 32),
        signed(clock, iss="stranger"),
        signed(clock, iss=None),
        signed(clock, algorithm="HS512", secret=SECRET * 2),
        signed(clock, exp=None),
        signed(clock, exp=now - 61),
        signed(clock, nbf=now + 61),
        signed(clock, video=[1]),
        "a" * 100_000,
    ):
        with pytest.raises(TokenRefused):
            keys.verify(token)
    assert keys.verify(signed(clock, exp=now - 59, nbf=now + 59)).identity == "alice", (
        "clocks differ a little"
    )


def test_a_refreshed_token_has_the_same_rights_for_at_least_ten_minutes(
    keys: Keys, clock: ManualClock
) -> None:
    for ttl, left in ((60, 600), (7200, 7200)):
        claims = keys.verify(
            keys.mint(Claims("key", "a", video=VideoGrant("r", True)), timedelta(seconds=ttl))
        )
        fresh = keys.verify(keys.refresh(claims))
        assert fresh.video == claims.video
        assert fresh.expires == clock.now().replace(microsecond=0) + timedelta(seconds=left)


def test_in_a_meeting_nobody_is_hidden() -> None:
    claims = Claims("key", "a", video=VideoGrant("m-1", True, permission=Permission(hidden=True)))
    assert not visible(claims).video.permission.hidden


def test_secrets_are_not_shown(keys: Keys) -> None:
    assert SECRET not in repr(keys)


def test_a_token_says_how_its_room_shall_be(keys: Keys, clock: ManualClock) -> None:
    config = {
        "metadata": "m",
        "emptyTimeout": 66,
        "maxParticipants": 3,
        "agents": [],
        "departureTimeout": "soon",
    }
    read = keys.verify(signed(clock, roomConfig=config)).room_config
    assert read == RoomConfig("m", empty_timeout=66, max_participants=3)
    assert keys.verify(signed(clock, roomConfig="nonsense")).room_config == RoomConfig()
