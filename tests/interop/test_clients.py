"""The clients that `make clients` writes, against a server that runs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tools.clients import document

from tests.product import Product

ROOT = Path(__file__).parents[2]
PYTHON = """
import json, sys
from folkmoot_client import Folkmoot, Refused

with Folkmoot(sys.argv[1], sys.argv[2]) as folkmoot:
    said = {"version": folkmoot.health()["version"], "name": folkmoot.account()["name"]}
    said["number"] = folkmoot.create({"title": "By a program"})["number"]
    taken = folkmoot.take_in(open("class.ics", "rb").read())
    said["ics"] = folkmoot.file(taken["made"][0]).decode()
    try:
        folkmoot.change_profile({"name": "Mallory"})
    except Refused as refused:
        said["refused"] = [refused.status, refused.code, refused.params]
print(json.dumps(said))
"""
NODE = """
import { readFileSync } from "node:fs";
import { Folkmoot, Refused } from "./folkmoot.js";

const folkmoot = new Folkmoot(process.argv[2], process.argv[3]);
const said = { version: (await folkmoot.health()).version, name: (await folkmoot.account()).name };
said.number = (await folkmoot.create({ title: "By a program" })).number;
const taken = await folkmoot.takeIn(new Blob([readFileSync("class.ics")]));
said.ics = await (await folkmoot.file(taken.made[0])).text();
await folkmoot.changeProfile({ name: "Mallory" }).catch((refused) => {
  if (refused instanceof Refused) said.refused = [refused.status, refused.code, refused.params];
});
console.log(JSON.stringify(said));
"""


CLASS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:one@example.org
DTSTAMP:20260101T000000Z
DTSTART:20300107T090000Z
DTEND:20300107T100000Z
SUMMARY:Latin for beginners
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clients")
    run("make", "clients", f"CLIENTS={folder}")
    (folder / "class.ics").write_text(CLASS.replace("\n", "\r\n"))
    return folder


@pytest.fixture(scope="module")
def key(product: Product) -> str:
    """Made in the shell, while the server runs."""
    admin = (sys.executable, "-m", "folkmoot", "admin")
    where = ("--data", str(product.data))
    typed = "import getpass; getpass.getpass = lambda _: 'a long and rare one'; from folkmoot.cli import main; main()"
    run(sys.executable, "-c", typed, "admin", "create", "ada@example.org", "--name", "Ada", *where)
    scopes = ("--scope", "account:read", "--scope", "meetings:read", "--scope", "meetings:write")
    return run(*admin, "key", "ada@example.org", "--name", "tests", *scopes, *where).strip()


def run(*words: str, folder: Path = ROOT) -> str:
    return subprocess.run(words, cwd=folder, check=True, capture_output=True, text=True).stdout


def compiled(folder: Path, *files: str) -> None:
    tsc = ROOT / "web/node_modules/.bin/tsc"
    strict = ("--ignoreConfig", "--strict", "--target", "es2022", "--module", "esnext", "--lib", "es2022,dom")
    run(str(tsc), *strict, *files, folder=folder)
    (folder / "package.json").write_text('{"type": "module"}')


def expected(said: str) -> None:
    told = json.loads(said)
    assert told["name"] == "Ada"
    assert told["version"]
    assert len(told["number"]) == 12
    assert "SUMMARY:Latin for beginners" in told["ics"]
    assert told["refused"] == [403, "key.scope", {"scope": "account:write"}]


def test_the_python_client_does_what_a_key_may_and_says_what_it_may_not(
    product: Product, clients: Path, key: str
) -> None:
    run(sys.executable, "-m", "mypy", "--strict", "folkmoot_client.py", folder=clients)
    (clients / "try.py").write_text(PYTHON)
    expected(run(sys.executable, "try.py", product.address, key, folder=clients))


def test_the_typescript_client_compiles_and_does_the_same(product: Product, clients: Path, key: str) -> None:
    compiled(clients, "folkmoot.ts")
    (clients / "try.js").write_text(NODE)
    expected(run("node", "try.js", product.address, key, folder=clients))


# --- the first call, as the reference has it --------------------------------------------------------------------------

NEXT_WEEK = (datetime.now(ZoneInfo("Europe/Berlin")) + timedelta(days=7)).replace(
    hour=9, minute=0, second=0, microsecond=0
)
"""A plan is shown a year ahead; the reference has a day that will be over."""


def of_the_reference(language: str, product: Product, key: str) -> str:
    page = (ROOT / "docs/reference/api.md").read_text()
    block: str
    [block] = re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    soon = block.replace("2027-02-01", NEXT_WEEK.date().isoformat())
    return soon.replace("https://meet.example", product.address).replace("fmk_…", key)


def test_the_first_call_by_curl(product: Product, key: str) -> None:
    made = json.loads(run("sh", "-c", of_the_reference("sh", product, key).replace("curl ", "curl -sS ")))
    assert made["title"] == "Physics" and "/m/" in made["link"]
    assert len(made["coming"]) == 12
    assert datetime.fromisoformat(made["coming"][0]["starts_at"]) == NEXT_WEEK, "nine o'clock in Berlin"


def test_the_first_call_in_python(product: Product, clients: Path, key: str) -> None:
    (clients / "first.py").write_text(of_the_reference("python", product, key))
    said = run(sys.executable, "first.py", folder=clients).splitlines()
    assert said[0].startswith("Physics http") and said[1] == "key.scope"


def test_the_first_call_in_typescript(product: Product, clients: Path, key: str) -> None:
    (clients / "first.ts").write_text(of_the_reference("ts", product, key))
    compiled(clients, "folkmoot.ts", "first.ts")
    said = run("node", "first.js", folder=clients).splitlines()
    assert said[0].startswith("Physics http") and said[1] == "key.scope"


def test_what_the_reference_says_to_ask_is_there() -> None:
    page = (ROOT / "docs/reference/api.md").read_text()
    paths = document()["paths"]
    named = re.findall(r"`(GET|PUT|POST|DELETE|PATCH) (/api/[^`?]*)`", page)
    assert len(named) > 8
    known = {(method.upper(), path) for path, ways in paths.items() for method in ways}
    assert [one for one in named if one not in known and one[1] != "/api/openapi.json"] == []
