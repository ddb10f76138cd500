"""Every route that the API describes, asked by a key that may do everything but this, and by nobody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from folkmoot.accounts.scopes import Scope, needed
from folkmoot.app import create_app
from folkmoot.bus import MemoryBus
from folkmoot.config import load
from folkmoot.engine.fake import FakeEngine
from folkmoot.keyring import equipped, new_secrets
from folkmoot.kit import SystemClock
from folkmoot.storage import open_storage, sqlite_url

METHODS = {"get", "put", "post", "delete", "patch"}
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("data")
    own, engine = new_secrets(), FakeEngine()
    config = equipped(load({"dev": True, "data": folder}, {}), own)
    with TestClient(_app(folder, config, own, engine), base_url="http://localhost") as client:
        yield client
    engine.close()


def _app(folder: Path, config: Any, own: Any, engine: Any) -> Any:
    storage = asyncio.run(open_storage(sqlite_url(folder / "folkmoot.db")))
    return create_app(config, own, storage, MemoryBus(), engine, SystemClock())


@pytest.fixture(scope="module")
def keys(server: TestClient) -> dict[Scope | None, str]:
    """By the scope that each lacks."""
    who = {"name": "Ada", "address": "ada@school.example", "password": "a pendulum swings at noon"}
    came = server.post("/api/signup", json=who, headers=OURS).raise_for_status()
    carried = "; ".join(line.partition(";")[0] for line in came.headers.get_list("set-cookie"))

    server.cookies.clear()

    def made(lacking: Scope | None) -> str:
        wish = {"name": "robot", "scopes": [one.value for one in Scope if one is not lacking]}
        said = server.post("/api/account/keys", json=wish, headers={**OURS, "cookie": carried})
        assert said.status_code == 201, said.text
        return str(said.json()["key"])

    return {lacking: made(lacking) for lacking in (None, *Scope)}


def described(server: TestClient) -> Iterator[tuple[str, str]]:
    """Those that want somebody, with something in the place of each name."""
    for path, ways in server.get("/api/openapi.json").json()["paths"].items():
        for method, said in ways.items():
            if method in METHODS and "security" in said:
                yield method.upper(), path


def filled(path: str) -> str:
    return re.sub(r"{[^}]*}", "1", path)


def test_a_key_without_its_scope_is_refused_at_every_route(
    server: TestClient, keys: dict[Scope | None, str]
) -> None:
    tried, wrong = 0, []
    for method, path in described(server):
        scope = needed(method, filled(path))
        said = server.request(method, filled(path), headers={"authorization": f"Bearer {keys[scope]}"})
        expected = "key.not_here" if scope is None else "key.scope"
        code = said.json().get("code") if said.content else ""
        if (said.status_code, code) != (403, expected):
            wrong.append((method, path, said.status_code, code))
        tried += 1
    assert wrong == []
    assert tried > 90


def test_nobody_is_refused_at_every_route(server: TestClient) -> None:
    wrong = []
    for method, path in described(server):
        said = server.request(method, filled(path), headers=OURS)
        if said.status_code != 401:
            wrong.append((method, path, said.status_code, said.text[:80]))
    assert wrong == []
