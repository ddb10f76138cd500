"""Accounts and organisations are found by a part of their name in any script, and listed in an order that an index has."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
AT_ONCE = 5000


def upgrade() -> None:
    for table in ("accounts", "orgs"):
        op.add_column(table, sa.Column("folded", sa.Text, nullable=False, server_default=""))
        _fold(table)
        op.create_index(f"ix_{table}_listed", table, ["made_at", "id", "folded"])


def _fold(name: str) -> None:
    table, connection = sa.table(name, sa.column("id"), sa.column("name"), sa.column("folded")), op.get_bind()
    changed = table.update().where(table.c.id == sa.bindparam("of")).values(folded=sa.bindparam("as"))
    last = ""
    while rows := _some(connection, table, last):
        folded = [{"of": row.id, "as": unicodedata.normalize("NFKC", row.name).casefold()} for row in rows]
        connection.execute(changed, folded)
        last = rows[-1].id


def _some(connection: sa.Connection, table: sa.TableClause, last: str) -> list[sa.Row[tuple[str, str]]]:
    wanted = sa.select(table.c.id, table.c.name).where(table.c.id > last).order_by(table.c.id)
    return list(connection.execute(wanted.limit(AT_ONCE)))
