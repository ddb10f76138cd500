"""Signing in at one's organisation against a real provider (`oidc-provider`), as a browser goes there and back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.product import Product, free_port

PAGE = Path(__file__).parent / "page"
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def school(tmp_path: Path) -> Iterator[tuple[Product, subprocess.Popen[bytes]]]:
    """A server, and the sign-in of a school that it knows."""
    issuer_port = free_port()
    told = {
        "name": "Northfield School",
        "issuer": f"http://localhost:{issuer_port}",
        "client_id": "folkmoot",
        "client_secret": "a secret between the two of them",
        "domains": ["school.example"],
    }
    product = Product(
        tmp_path / "data", environment={"FOLKMOOT_ACCOUNTS__PROVIDERS": json.dumps({"school": told})}
    )
    done = f"{product.address}api/signin/providers/school/done"
    words = ["node", str(PAGE / "provider.mjs"), str(issuer_port), done]
    with subprocess.Popen(words, cwd=PAGE, stdout=subprocess.PIPE) as provider:
        assert provider.stdout
        assert provider.stdout.readline() == b"ready\n"
        product.start()
        yield product, provider
        product.stop()
        provider.kill()


def test_ada_signs_in_at_her_school_and_is_who_she_is_there(
    school: tuple[Product, subprocess.Popen[bytes]],
) -> None:
    product, provider = school
    with httpx.Client(base_url=product.address, timeout=30) as client:
        [shown] = client.get("/api/signin/providers").json()
        assert shown == {"id": "school", "name": "Northfield School"}
        begun = client.post(
            "/api/signin/providers/school/begin", json={"next": "/settings/profile"}, headers=OURS
        )
        # a browser takes a localhost without https for as safe; httpx doesn't send its cookies there
        jar = {cookie.name: str(cookie.value) for cookie in client.cookies.jar}
        back = returning(begun.json()["address"])
        answer = client.get(
            back, headers={"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/settings/profile")
        session = next(
            one for one in answer.headers.get_list("set-cookie") if one.startswith("__Host-folkmoot=")
        )
        mine = client.get("/api/account", headers={"cookie": session.partition(";")[0]}).json()
        assert mine["name"] == "Ada Lovelace"
        assert mine["addresses"] == [{"address": "ada@school.example", "proven": True}]

        again = client.get(
            back, headers={"cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        )
        assert "refused=provider" in again.headers["location"], "a code is good once"

        provider.kill()
        provider.wait()
        still = client.post("/api/signin/providers/school/begin", json={}, headers=OURS)
        assert still.status_code == 200, "what it said last is good"


def returning(address: str) -> str:
    """What the provider sends the browser back to."""
    with httpx.Client(timeout=30) as browser:
        for _ in range(10):
            answer = browser.get(address, headers={"cookie": _plain(browser)})
            assert answer.is_redirect, answer.text
            assert answer.next_request
            address = str(answer.next_request.url)
            if "/done?" in address:
                return address
    raise AssertionError("it goes round and round")


def _plain(browser: httpx.Client) -> str:
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)
