"""The docs are true: what they name is there, and what is there is named."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from folkmoot.cli import app
from folkmoot.config import BETWEEN, PREFIX, Config, settings_of
from folkmoot.operating.checks import WORDS
from folkmoot.orgs.proving_again import Step

ROOT = Path(__file__).parents[2]
PAGES = [
    page
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changes/*.md")])
    if "node_modules" not in page.parts
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def links(page: Path) -> Iterator[str]:
    for target in LINK.findall(page.read_text()):
        if not re.match(r"[a-z]+:", target):
            yield target.partition("#")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = [target for target in links(page) if target and not (page.parent / target).exists()]
    assert not lost


def test_the_configuration_page_has_every_setting_and_no_other() -> None:
    page = (ROOT / "docs/operate/configuration.md").read_text()
    documented = set(re.findall(r"^\| `([a-z_.]+)` \| `(\w+)`", page, re.MULTILINE))
    there = {(".".join(path), PREFIX + BETWEEN.join(path).upper()) for path in settings_of(Config)}
    assert documented == there


def test_every_target_that_the_docs_name_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z][a-z-]*)", page.read_text())}
    assert named
    assert named <= targets


def of_the_shell(*words: str) -> Any | None:
    """What `folkmoot` with these words runs; asked here and not in forty processes."""
    command: Any = typer.main.get_command(app)
    for word in words:
        command = getattr(command, "commands", {}).get(word)
    return command


def test_every_command_and_flag_that_the_readme_names_is_there() -> None:
    serve = of_the_shell("serve")
    assert serve
    there = {flag for parameter in serve.params for flag in parameter.opts}
    assert {"--lan", "--dev", "--port", "--data", "--config", "--cert", "--key"} <= there
    readme = (ROOT / "README.md").read_text()
    named = re.findall(r"^\| `folkmoot (\w+)`", readme, re.MULTILINE)
    assert named
    assert [word for word in named if of_the_shell(word) is None] == []


def test_every_command_of_the_operators_guide_is_there() -> None:
    page = (ROOT / "docs/operate/running.md").read_text()
    named = set(re.findall(r"`folkmoot (admin )?([a-z-]+)", page))
    assert len(named) > 12
    assert [words for words in sorted(named) if of_the_shell(*" ".join(words).split()) is None] == []


def test_what_is_asked_for_by_the_installed_program_is_what_is_looked_at() -> None:
    words = [str(ROOT / ".venv/bin/folkmoot"), "serve", "--help"]
    said = subprocess.run(
        words, capture_output=True, text=True, check=True, env={"COLUMNS": "200", "PATH": "/usr/bin:/bin"}
    )
    serve = of_the_shell("serve")
    assert serve
    assert all(flag in said.stdout for parameter in serve.params for flag in parameter.opts)


def test_the_readme_fits_on_a_few_screens() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 150


def test_every_path_of_the_architecture_is_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    base = ROOT / "server/src/folkmoot"
    for path in re.findall(r"`((?:engine|web|tests|tools|server|docs)/[\w./-]*)`", text):
        assert (ROOT / path).exists() or (base / path).exists(), path
    for path in re.findall(r"`…/(\w+)/`", text):
        assert (base / path).is_dir(), path


def test_every_bound_that_is_promised_is_tried_where_the_docs_say() -> None:
    rows = (ROOT / "docs/develop/bounds.md").read_text().splitlines()
    named: list[tuple[str, str]] = []
    for row in rows:
        file = ""
        for word in re.findall(r"`((?:server|tests|engine)/[\w/.]+|\w+_\w+_\w+)`", row):
            if "/" in word:
                file = word
            elif file:
                named.append((file, word))
    assert len(named) > 30
    begins = {".py": "def ", ".rs": "fn "}
    lost = [
        (file, name)
        for file, name in named
        if f"{begins[Path(file).suffix]}{name}(" not in (ROOT / file).read_text()
    ]
    assert lost == []


def test_each_sentence_about_strangers_names_a_test_that_is_there() -> None:
    """What is not protected has none, and says so."""
    page = (ROOT / "docs/concepts/who-can-come-in.md").read_text().partition("\n## What is not protected")[0]
    said = re.findall(r"^(?:- .*(?:\n  .*)*|\| (?!who tries|---).*)$", page, re.MULTILINE)
    assert len(said) > 40
    assert [one for one in said if not re.search(r"`test_\w+`", one)] == []
    files = [*ROOT.glob("server/tests/**/*.py"), *ROOT.glob("tests/**/*.py")]
    there = {name for file in files for name in re.findall(r"def (test_\w+)\(", file.read_text())}
    assert set(re.findall(r"`(test_\w+)`", page)) - there == set()


NOTED = re.compile(
    r'(?:note|lose)\(\s*([^"()]*?)"([a-z_]+\.[a-z_]+)"(?:\s+if\s+\w+\s+else\s+"([a-z_]+\.[a-z_]+)")?'
)
COMMANDS = re.compile(r"^class (Start|Change|Cancel|Withdraw|Offer|WithdrawQuote|Accept)\b", re.MULTILINE)


def noted(page: str) -> set[str]:
    """Deeds that are written into the audit that this page shows: of the server, or of an organisation."""
    tiers = {"organisation": ("orgs", "billing"), "operator": ("operating", "billing")}[page]
    found = set[str]()
    for tier in tiers:
        for file in (ROOT / "server/src/folkmoot" / tier).rglob("*.py"):
            for scope, *words in NOTED.findall(file.read_text()):
                if scope.startswith("SCOPE") == (page == "operator"):
                    found |= {word for word in words if word}
    if page == "organisation":
        deciding = (ROOT / "server/src/folkmoot/billing/deciding.py").read_text()
        found |= {f"billing.{name.lower()}" for name in COMMANDS.findall(deciding)} | set(Step)
    return found


@pytest.mark.parametrize(("page", "least"), [("organisation", 40), ("operator", 12)])
def test_every_deed_in_an_audit_has_words_on_its_page(page: str, least: int) -> None:
    deeds = noted(page)
    assert len(deeds) >= least
    for language in ("en", "zh-CN"):
        catalog = (ROOT / f"web/src/features/{page}/locales/{language}.po").read_text()
        worded = set(re.findall(rf'msgid "{page}\.did\.(\w+)"\nmsgstr "[^"]', catalog))
        assert {word.replace(".", "_") for word in deeds} - worded == set()


def test_every_finding_of_the_doctor_has_words_on_the_operators_page() -> None:
    """Short of those that need the ports to themselves or ask whether the server answers, with the same params; an advice where the shell gives one."""
    for language in ("en", "zh-CN"):
        catalog = (ROOT / f"web/src/features/operator/locales/{language}.po").read_text()
        worded = dict(re.findall(r'msgid "operator\.found\.([\w.]+)"\nmsgstr "(.+)"', catalog))
        wanted = {
            f"{code.replace('.', '_')}{end}": sorted(re.findall(r"\{\w+\}", said))
            for code, words in WORDS.items()
            if not code.startswith(("port.", "media.", "server."))
            for end, said in (("", words.what), (".then", words.advice))
            if said
        }
        assert {code: sorted(re.findall(r"\{\w+\}", said)) for code, said in worded.items()} == wanted
