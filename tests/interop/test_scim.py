"""A school's directory as somebody else wrote it: the checks of a SCIM client that isn't ours, against the server as it is started."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import CheckResult, Status, check_server

from tests.posts import post_office
from tests.product import Product
from tests.town import Town

AT = "@school.example"
KEPT = {"userName", "displayName", "externalId", "active"}
"""Of a person or a group. What a directory says besides is taken and not kept."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with post_office() as (post, environment):
        product = Product(tmp_path_factory.mktemp("data"), "--dev", environment=environment)
        product.start()
        yield Town(product, post)
        product.stop()


def mapped(said: Any, name: Callable[[str], str]) -> Any:
    """As a directory is told which of its attributes is the mail address: the checker's users are called by a number."""
    if isinstance(said, list):
        return [mapped(one, name) for one in said]
    if not isinstance(said, dict):
        return said
    its = {"userName"} | ({"value"} if said.get("path") == "userName" else set())
    return {
        key: name(one) if key in its and isinstance(one, str) else mapped(one, name)
        for key, one in said.items()
    }


def over_the_network(product: Product, token: str) -> Callable[..., list[bytes]]:
    """The client's own engine wants a library of its own; this is a line to the server, and its mapping."""

    def relay(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        line = http.client.HTTPConnection("localhost", product.port, timeout=60)
        sent = environ["wsgi.input"].read()
        body = (
            json.dumps(mapped(json.loads(sent), lambda one: one if "@" in one else one + AT))
            if sent
            else None
        )
        headers = {
            name[5:].replace("_", "-"): said for name, said in environ.items() if name.startswith("HTTP_")
        }
        headers |= {"Content-Type": "application/scim+json", "Authorization": f"Bearer {token}"}
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        line.request(environ["REQUEST_METHOD"], environ["PATH_INFO"] + query, body, headers)
        answer = line.getresponse()
        read = answer.read()
        line.close()
        told = {
            name: said
            for name, said in answer.getheaders()
            if name.lower() not in ("content-length", "connection")
        }
        start(f"{answer.status} {answer.reason}", list(told.items()))
        return (
            [json.dumps(mapped(json.loads(read), lambda one: one.removesuffix(AT))).encode()] if read else []
        )

    return relay


def test_a_checker_of_the_protocol_finds_nothing_wrong(town: Town) -> None:
    ada = town.comes("Ada", f"ada{AT}")
    org = town.organisation(ada, "Northfield School", "school.example")
    token = ada.does("POST", f"/api/orgs/{org}/tokens", {"name": "Directory"})["token"]
    address = town.product.address.rstrip("/") + "/scim/v2"
    found = check_server(WSGISCIMClient(over_the_network(town.product, token), base_url=address))
    assert sum(one.status is Status.SUCCESS for one in found) > 50
    wrong = [one for one in found if one.status not in (Status.SUCCESS, Status.SKIPPED, Status.ACCEPTABLE)]
    assert [(one.title, one.reason) for one in wrong if not is_not_kept(one)] == []
    left = ada.does("GET", f"/api/orgs/{org}/people")["people"]
    assert [one["name"] for one in left] == ["Ada"], (
        "the checker cleans up, and the owner is no directory's to take away"
    )


def is_not_kept(one: CheckResult) -> bool:
    """Somebody is always called something, and on or off: that is changed, not removed."""
    title, attribute = one.title or "", re.search(r"'([^']+)'", one.reason or "")
    patched = title.startswith("check_") and attribute is not None
    stays = {"displayName", "active"} if title == "check_remove_attribute" else set()
    return patched and attribute is not None and attribute[1] not in KEPT - stays
