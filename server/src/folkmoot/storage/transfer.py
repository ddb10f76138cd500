"""All rows of one database into another, of either kind: how a backup of PostgreSQL becomes a file, and a file PostgreSQL.

Law: the source is read as of one moment and never changed. The target has all of it and nothing else, or is as it was. Both
are at this version.
"""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from folkmoot.storage.address import file_of, name_of
from folkmoot.storage.database import metadata
from folkmoot.storage.migrate import must_be_of_this_version, opened, understood
from folkmoot.storage.ownership import in_use, locked_for_us

AT_ONCE = 500


def transfer(source: str, target: str) -> None:
    """Blocks. The slices' tables must have been imported: `metadata` knows them."""
    here, there = make_url(source), make_url(target)
    taking, giving = opened(there), opened(here)
    try:
        must_be_of_this_version(source)
        with understood(there), taking.begin() as into:
            if file_of(there) is None and not locked_for_us(into):
                raise in_use(name_of(there))
            with understood(here), giving.connect() as out:
                _copy(_of_one_moment(out), into)
    finally:
        giving.dispose()
        taking.dispose()


def _copy(out: Connection, into: Connection) -> None:
    tables = metadata.sorted_tables
    for table in reversed(tables):
        into.execute(table.delete())
    for table in tables:
        rows = out.execution_options(yield_per=AT_ONCE).execute(table.select())
        for some in rows.mappings().partitions():
            into.execute(table.insert(), [dict(row) for row in some])


def _of_one_moment(out: Connection) -> Connection:
    if out.dialect.name == "sqlite":
        return out
    return out.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
