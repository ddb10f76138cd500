"""What the process says of itself: one event a line, JSON for programs or coloured for people.

Law: no token, passcode or secret leaves by a log. The redactor is the last step before a line is written, so it sees
messages, values, nested values and tracebacks alike, of ours and of every library. Nor does a word of a person: what an exception
says of the value that it choked on is left out, and its kind and where it was raised are written.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from structlog.typing import ExcInfo, Processor

HIDDEN = "…"
_SECRET_NAMES = re.compile(
    r"token|secret|passcode|password|authorization|admission|host_key|cookie|rejoin|join_request",
    re.IGNORECASE,
)
_IN_TEXT = (
    (re.compile(r"eyJ[\w-]{6,}\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"(?i)\b((?:\w+_)?(?:token|request|secret|passcode|admission))=[^&\s\"']+"), rf"\1={HIDDEN}"),
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]+"), rf"\1 {HIDDEN}"),
)
_SPEAK_OF_THE_MACHINE = (
    *(OSError, SQLAlchemyError, RuntimeError, MemoryError),
    *(TypeError, AttributeError, NameError, ImportError),
)
"""What these say names files, statements without their parameters, types and attributes: no value that somebody sent."""


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: _clean(name, value) for name, value in event.items()}


def _clean(name: str, value: object) -> object:
    if _SECRET_NAMES.search(name) and value not in (None, "", True, False):
        return HIDDEN
    match value:
        case str():
            for pattern, instead in _IN_TEXT:
                value = pattern.sub(instead, value)
            return value
        case bytes():
            return f"{len(value)} bytes"
        case Mapping():
            return {key: _clean(str(key), inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_clean("", inner) for inner in value]
        case None | bool() | int() | float():
            return value
    return _clean("", str(value))


def without_words(exc_info: ExcInfo) -> str:
    """An exception and what led to it, the last one last, as Python writes them."""
    return "\nThe above led to:\n".join(reversed([_described(error) for error in _chain(exc_info[1])]))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _described(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    said = str(error) if isinstance(error, _SPEAK_OF_THE_MACHINE) else ""
    where = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{where}{kind}{': ' if said else ''}{said}"


def configure(format: str = "auto", level: str = "info") -> None:
    """`auto`: for people where somebody looks at it, else for programs."""
    as_text = format == "console" or (format == "auto" and sys.stderr.isatty())
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if as_text else "iso", utc=not as_text),
    ]
    last: Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if as_text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(without_words),
                redact,
                last,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("uvicorn.access", "aiosqlite", "asyncio", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "alembic"):
        # its own account of starting and of every socket says nothing that ours doesn't
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
