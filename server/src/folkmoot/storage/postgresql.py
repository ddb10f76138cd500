"""How PostgreSQL is spoken to, and what it may say of a fault."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import ExceptionContext

from folkmoot.storage.refusal import StorageError

CONNECTING: dict[str, Any] = {"connect_timeout": 5, "client_encoding": "utf8"}
NEEDED_ENCODING = "UTF8"


def must_keep_every_name(engine: Engine, where: str) -> None:
    with engine.connect() as connection:
        encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != NEEDED_ENCODING:
        raise StorageError(
            "storage.encoding",
            f"{where} keeps text as {encoding}, in which not every name can be written. Make a database with CREATE DATABASE"
            " NAME ENCODING 'UTF8' TEMPLATE template0, and name it in storage.url.",
        )


def without_values(context: ExceptionContext) -> None:
    """Its details quote the row, so what somebody said would be in the log."""
    diagnosis = getattr(context.original_exception, "diag", None)
    primary = getattr(diagnosis, "message_primary", None)
    if primary is None:
        return
    context.original_exception.args = (primary,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (f"({type(context.original_exception).__name__}) {primary}",)
