"""The clients that `make clients` writes, against a server that runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

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
    tsc = ROOT / "web/node_modules/.bin/tsc"
    strict = ("--ignoreConfig", "--strict", "--target", "es2022", "--module", "esnext", "--lib", "es2022,dom")
    run(str(tsc), *strict, "folkmoot.ts", folder=clients)
    (clients / "package.json").write_text('{"type": "module"}')
    (clients / "try.js").write_text(NODE)
    expected(run("node", "try.js", product.address, key, folder=clients))
