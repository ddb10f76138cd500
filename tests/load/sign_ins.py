"""Fifty sign-ins a second, half by passkey and half by password, while a meeting runs: how long each takes, and whether the meeting
has a gap. Run by `make bench-people`.

    python -m tests.load.sign_ins [--rate 50] [--seconds 30] [--running 6]

A real server with a real mail server, and a room of people who all speak, in a process of their own. They come whether the last was
answered or not, from the same cores as the server. The gap without anybody who signs in is measured first: what is more is theirs.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from server.tests.accounts.authenticator import Authenticator

from folkmoot.accounts.passwords import Passwords
from tests.load.monday import GENERATOR, LOOPBACK, by_thread
from tests.posts import post_office
from tests.product import DEV_KEY, DEV_SECRET, Product
from tests.town import OURS, PASSWORD, Town

PEOPLE = 40
WITHIN_MS = 150
"""Of the 95 of a hundred who are first answered, beside argon2's own time."""
MORE_GAP_MS = 40
"""Two packets: what a listener's buffer bridges without a sound being lost."""


@dataclass
class Person:
    address: str
    phone: Authenticator


@dataclass
class Told:
    """How each was answered, and after how long."""

    ms: dict[str, list[float]] = field(default_factory=lambda: {"password": [], "passkey": []})
    outcomes: Counter[str] = field(default_factory=Counter)

    def p95(self, way: str) -> float:
        known = sorted(self.ms[way])
        return known[int(0.95 * (len(known) - 1))] if known else 0.0


def comes(town: Town, n: int) -> Person:
    """With an account, a password and a passkey."""
    phone = Authenticator(town.product.address.rstrip("/"), "localhost")
    person = Person(f"p{n}@school.example", phone)
    browser = town.comes(f"Person {n}", person.address)
    options = browser.does("POST", "/api/account/passkeys/begin")
    made = {"credential": phone.makes(options), "name": "phone"}
    browser.does("POST", "/api/account/passkeys", made)
    return person


async def by_password(line: httpx.AsyncClient, person: Person) -> httpx.Response:
    who = {"address": person.address, "password": PASSWORD}
    return await line.post("api/signin", json=who)


async def by_passkey(line: httpx.AsyncClient, person: Person) -> httpx.Response:
    options = (await line.post("api/signin/passkey/begin")).json()
    return await line.post("api/signin/passkey", json={"credential": person.phone.signs(options)})


WAYS = {"password": by_password, "passkey": by_passkey}


async def storm(product: Product, people: list[Person], rate: float, seconds: float) -> Told:
    told, who = Told(), itertools.cycle(people)
    bounds = httpx.Limits(max_connections=None, max_keepalive_connections=200)
    async with httpx.AsyncClient(base_url=product.address, headers=OURS, limits=bounds, timeout=60) as line:

        async def one(way: str, person: Person) -> None:
            began = time.monotonic()
            answer = await WAYS[way](line, person)
            line.cookies.clear()
            told.ms[way].append(1000 * (time.monotonic() - began))
            told.outcomes["in" if answer.is_success else str(answer.json().get("code"))] += 1

        began, running = time.monotonic(), list[asyncio.Task[None]]()
        for n in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, began + n / rate - time.monotonic()))
            running.append(asyncio.create_task(one(("password", "passkey")[n % 2], next(who))))
        await asyncio.gather(*running)
    return told


@contextlib.contextmanager
def meeting(product: Product, people: int) -> Iterator[dict[str, Any]]:
    """Filled with what they heard when it ends."""
    words = [
        *(str(GENERATOR), "--url", product.address.rstrip("/"), "--key", DEV_KEY, "--secret", DEV_SECRET),
        *("--people", "1", "--rate", "1", "--running", str(people), "--single", "--beside"),
    ]
    heard: dict[str, Any] = {}
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as room:
        assert room.stdin and room.stdout
        assert room.stdout.readline().strip() == "there"
        yield heard
        room.stdin.close()
        heard |= json.loads(room.stdout.read())


def argon2_ms() -> float:
    """Of one look, on this machine now."""
    passwords = Passwords()

    async def looks() -> float:
        kept = await passwords.hash(PASSWORD)
        assert isinstance(kept, str)
        began = time.monotonic()
        for _ in range(10):
            await passwords.matches(kept, PASSWORD)
        return 100 * (time.monotonic() - began)

    try:
        return asyncio.run(looks())
    finally:
        passwords.close()


def measured(rate: float, seconds: float, running: int) -> dict[str, Any]:
    with post_office() as (post, environment), tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), "--dev", environment={**environment, **LOOPBACK})
        product.start()
        assert product.process
        try:
            with ThreadPoolExecutor(PEOPLE) as doors:
                people = list(doors.map(partial(comes, Town(product, post)), range(PEOPLE)))
            with meeting(product, running) as quiet:
                time.sleep(seconds)  # as long as the other one
            before = by_thread(product.process.pid)
            with meeting(product, running) as busy:
                told = asyncio.run(storm(product, people, rate, seconds))
            used = by_thread(product.process.pid)
        finally:
            product.stop()
    threads = {name: round(after - before.get(name, 0), 2) for name, after in used.items()}
    return {
        "rate": rate,
        "outcomes": dict(told.outcomes),
        "p95_ms": {way: round(told.p95(way)) for way in WAYS},
        "most_ms": {way: round(max(told.ms[way])) for way in WAYS},
        "gap_ms": {"without": quiet["longest_gap_ms"], "with": busy["longest_gap_ms"]},
        "lost": {"without": quiet["lost"], "with": busy["lost"]},
        "server_thread_s": {name: took for name, took in threads.items() if took > 0.05},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--running", type=int, default=6)
    args = parser.parse_args()
    own = argon2_ms()
    report = measured(args.rate, args.seconds, args.running) | {"argon2_ms": round(own, 1)}
    print(json.dumps(report))
    gap = report["gap_ms"]
    assert report["outcomes"] == {"in": int(args.rate * args.seconds)}, "not everybody got in"
    assert gap["with"] <= max(gap["without"], 20) + MORE_GAP_MS, "the meeting had a gap"
    assert report["p95_ms"]["passkey"] <= WITHIN_MS
    assert report["p95_ms"]["password"] <= WITHIN_MS + own


if __name__ == "__main__":
    main()
