"""What the docs tell somebody to type is typed: every command of ours that a guide names, from the first run to a restored backup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from folkmoot import cli
from tests.product import Product, free_port

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("[ocg]*/*.md"))]
"""Without those for who develops it."""
NAMED = re.compile(r"\bfolkmoot ((?:admin |audit |billing |demo |growth |own )?[a-z][a-z-]+)(?=[\s`\[|])")
IN_CODE = re.compile(r"`[^`\n]+`|^ {4}\S.*$", re.MULTILINE)
ADA, BO, PASSWORD = "ada@school.example", "bo@school.example", "a long and rare one"
DAY_BY_DAY = (
    ("admin create", ADA, "--name", "Ada", "--operator"),
    ("admin create", BO, "--name", "Bo"),
    ("admin list",),
    ("admin list", "bo@"),
    ("admin suspend", BO),
    ("admin suspend", BO, "--revoke"),
    ("admin operator", BO),
    ("admin operator", BO, "--revoke"),
    ("admin reset", BO),
    ("admin key", ADA, "--name", "backup", "--scope", "account:read"),
    ("admin signup",),
    ("admin signup", "domain", "--domain", "school.example"),
    ("admin embed", "https://www.school.example"),
    ("admin announce", "--en", "Down on Sunday at four."),
    ("admin announcements",),
    ("admin organisations",),
    ("admin storage",),
    ("admin limits",),
    ("admin notes",),
    ("audit verify",),
    ("reports",),
    ("billing export",),
    ("billing rates",),
    ("billing usage", "2026-11"),
    ("growth demo", "--one-in", "100"),
    ("growth show", "--book", "demo", "--quarter", "2019-07"),
    ("growth csv", "quarters", "--book", "demo"),
    ("growth list",),
)
"""Beside a server that runs."""
ELSEWHERE = {
    "serve": "it is the server of every test",
    **{
        f"billing {one}": "server/tests/cli/test_billing.py"
        for one in ("plan", "plans", "rate", "quote", "withdraw", "refund", "credit-note", "reverse-charge")
    },
    "billing paid": "server/tests/cli/test_billing.py",
    "demo growth": "server/tests/cli/test_growth.py, as `growth demo`",
    **{f"growth {one}": "server/tests/cli/test_growth.py" for one in ("import", "cost", "rate", "take-back")},
    **{
        f"own {one}": "server/tests/cli/test_outward.py"
        for one in ("hosts", "add", "check", "remove", "sender")
    },
    "admin org": "server/tests/cli/test_organisations.py",
    "doctor": "server/tests/cli/test_doctor.py",
    "admin mail-test": "it wants a mail server: test_who_has_no_mail_server_is_told_so",
}


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["folkmoot", *words[0].split(), *words[1:]])
    monkeypatch.setattr("getpass.getpass", lambda _: PASSWORD)
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    product = Product(tmp_path / "data")
    product.start()
    yield product
    product.stop()


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_from_the_first_run_to_a_restored_backup(
    product: Product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(product.data))
    done = set[str]()

    def types(*words: str, into: tuple[str, ...] = data) -> str:
        assert typed(monkeypatch, *words, *into) == 0, words
        done.add(words[0])
        return said(capsys)

    for words in DAY_BY_DAY:
        types(*words)
    assert "people in them  0" in types("admin now", "--port", str(product.port))
    types("growth pack", str(tmp_path / "pack.pdf"), "--book", "demo", "--quarter", "2019-07")
    announced = types("admin announcements").split()[0]
    types("admin unannounce", announced)
    kept, noted = types("admin list"), types("admin notes")
    backup = tmp_path / "all.tar"
    types("backup", str(backup))
    types("admin suspend", BO)
    product.stop()
    types("migrate")  # as an upgrade by hand: nothing is left to do
    types("restore", str(backup), "--force")
    assert "all as they were written" in types("audit verify")
    assert types("admin list") == kept, "as it was then"
    first, _, rest = types("admin notes").partition("\n")
    assert "server.restored" in first and rest == noted
    other = Product(tmp_path / "moved")
    types("restore", str(backup), into=("--data", str(other.data)))
    other.start()
    assert types("admin list", into=("--data", str(other.data))) == kept
    assert "all as they were written" in types("audit verify", into=("--data", str(other.data)))
    other.stop()
    assert types("token", "--new-key", into=()).startswith("[keys]")
    types("token", "--dev", "--room", "standup", "--identity", "ada", into=())
    assert set(named()) - done - set(ELSEWHERE) == set(), "a guide names what nobody tried"


def test_who_has_no_mail_server_is_told_so(
    product: Product, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(product.data))
    assert typed(monkeypatch, "admin create", ADA, "--name", "Ada", *data) == 0
    assert typed(monkeypatch, "admin mail-test", ADA, *data) == 2
    assert "[mail.none]" in capsys.readouterr().err


def test_how_many_meet_is_asked_of_a_server_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, "admin now", "--port", str(free_port()), "--data", str(tmp_path)) == 2
    assert "[server.not_running]" in capsys.readouterr().err


def named() -> Iterator[str]:
    for page in GUIDES:
        for code in IN_CODE.findall(page.read_text()):
            for command in NAMED.findall(code + "\n"):
                yield command if command not in ("admin", "audit") else f"{command} list"
