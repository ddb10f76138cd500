"""A PostgreSQL of the tests' own: in a temporary folder, reached by a socket in it, gone when they are over.

Debian: `apt install postgresql`. Where it isn't there, what needs it is skipped by name; FOLKMOOT_POSTGRESQL=must makes that a failure.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from folkmoot.storage import database_url
from folkmoot.storage.migrate import migrate

MISSING = "no PostgreSQL here (Debian: apt install postgresql)"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
"""A power cut is no part of these tests."""

TABLES = b"SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
NUMBERED = b"SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


class Postgresql:
    def __init__(self, programs: Path, folder: Path, settings: Iterable[str] = QUICK) -> None:
        self._programs, self._folder, self._settings = programs, folder, tuple(settings)
        self._count = itertools.count(1)
        self._kept: str | None = None
        self._emptying: psycopg.Connection[tuple[Any, ...]] | None = None
        self._account: dict[str, Any] = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
        if self._account:
            shutil.chown(folder, **self._account)
        self._run(
            "initdb",
            "-D",
            f"{folder}/data",
            "-U",
            "folkmoot",
            "-E",
            "UTF8",
            "--locale=C",
            "-A",
            "trust",
            "-N",
        )
        self.start()

    def start(self) -> None:
        settings = " ".join(f"-c {one}" for one in self._settings)
        options = f"-k {self._folder} -c listen_addresses='' {settings}"
        self._run(
            "pg_ctl", "-D", f"{self._folder}/data", "-l", f"{self._folder}/log", "-w", "-o", options, "start"
        )

    def stop(self) -> None:
        if self._emptying is not None:
            self._emptying.close()  # it would notice only when the next test asks
        self._run("pg_ctl", "-D", f"{self._folder}/data", "-w", "-m", "immediate", "stop")

    def database(self, encoding: str = "UTF8") -> str:
        """Of a new and empty one the address, as the configuration has it."""
        name = f"meetings{os.getpid()}_{next(self._count)}"
        self.does("postgres", f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
        return self.url(name)

    def emptied(self) -> str:
        """The same one each time, of this version and with nothing in it: to make one takes ten times as long as a test."""
        if self._kept is None or self._emptying is None or self._emptying.closed:
            if self._kept is None:
                self._kept = self.database()
                migrate(database_url(self._kept, self._folder))
            # One connection for all tests: to connect anew and to learn of every table costs more than to empty the few that are used.
            self._emptying = psycopg.connect(
                self.url(str(make_url(self._kept).database)), autocommit=True, prepare_threshold=0
            )
        _empty(self._emptying)
        return self._kept

    def url(self, name: str) -> str:
        return f"postgresql://folkmoot:nobody-guesses@/{name}?host={self._folder}"

    def does(self, name: str, statement: str) -> list[Any]:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            done = connection.execute(statement.encode())
            return done.fetchall() if done.description else []

    def _run(self, program: str, *words: str) -> None:
        quiet = subprocess.DEVNULL
        done = subprocess.run(
            [self._programs / program, *words],
            cwd=self._folder,
            stdin=quiet,
            stdout=quiet,
            stderr=subprocess.PIPE,
            **self._account,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()


def _empty(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    def names(statement: bytes) -> list[str]:
        return [str(name) for (name,) in connection.execute(statement)]

    looks = [f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names(TABLES)]
    used = names(" UNION ALL ".join(looks).encode())
    numbered = names(NUMBERED)
    if not used and not numbered:
        return
    with connection.transaction():
        connection.execute(
            b"SET LOCAL session_replication_role = replica"
        )  # in any order, whoever refers to whom
        for name in used:
            connection.execute(f'DELETE FROM "{name}"'.encode())
        for name in numbered:
            connection.execute(f'ALTER SEQUENCE "{name}" RESTART'.encode())


@cache
def programs() -> Path | None:
    places = [Path(found).parent] if (found := shutil.which("initdb")) else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    found = programs()
    if found is None:
        (pytest.fail if os.environ.get("FOLKMOOT_POSTGRESQL") == "must" else pytest.skip)(MISSING)
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="folkmoot-pg-") as folder:
        started = Postgresql(found, Path(folder))
        yield started
        with contextlib.suppress(AssertionError):
            started.stop()
