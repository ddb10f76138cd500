"""Work that is killed with -9 at each of its steps, one after the other.

`everywhere` forks a process for every step, so it is called in a process of its own that has no threads: `in_a_process`.
A step is whatever reaches the disk: a statement, a file opened, renamed, removed, synced.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

ON_THE_WAY = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "shutil.rmtree", "sqlite3.connect")
ASKED: tuple[tuple[type[Any], str], ...] = (
    (psycopg.Cursor, "execute"),
    (psycopg.AsyncCursor, "execute"),
    (psycopg.AsyncCursor, "executemany"),
    (psycopg.AsyncConnection, "commit"),
)
"""What reaches a PostgreSQL."""
MOST = 2000


def everywhere(prepare: Callable[[], None], work: Callable[[], None], after: Callable[[], None]) -> int:
    """How many steps `work` has. `after` looks at what each death left, in a process of its own too."""
    for step in range(1, MOST):
        prepare()
        ended = _run(work, kill_at=step)
        assert ended in (0, -signal.SIGKILL), f"it failed by itself at step {step}"
        assert _run(after) == 0, f"after the death at step {step}"
        if ended == 0:
            return step - 1
    raise AssertionError("it never came to its end")


def in_a_process(module: str, *words: str) -> int:
    """`python -m module words…` prints how many steps there were."""
    done = subprocess.run([sys.executable, "-m", module, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout.split()[-1])


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as database:
        return database.execute(query).fetchall()


def _run(work: Callable[[], None], kill_at: int = 0) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if kill_at:
                _die_at(kill_at)
            work()
            status = 0
        except BaseException:  # noqa: BLE001  (its status tells)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _counting(does: Callable[..., Any], count: Callable[[], None]) -> Callable[..., Any]:
    def counted(*words: Any, **more: Any) -> Any:
        count()
        return does(*words, **more)

    return counted


def _die_at(step: int) -> None:
    left = step

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(event: str, details: tuple[object, ...]) -> None:
        if event in ON_THE_WAY and not str(details[0]).endswith((".py", ".pyc")):
            count()

    sys.addaudithook(watched)
    connect = sqlite3.connect

    def connecting(*words: Any, **more: Any) -> sqlite3.Connection:
        opened: sqlite3.Connection = connect(*words, **more)
        opened.set_trace_callback(count)
        return opened

    sqlite3.connect = sqlite3.dbapi2.connect = connecting  # type: ignore[assignment]
    for kind, does in ASKED:
        setattr(kind, does, _counting(getattr(kind, does), count))
    settle = os.fsync

    def settling(file: int) -> None:
        count()
        settle(file)

    os.fsync = settling  # type: ignore[assignment]
