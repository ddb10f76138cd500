"""A proven domain is looked at again: when that was, since when nothing proves it, and when its owners heard of it last."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    for name in ("looked_at", "missing_since", "warned_at"):
        op.add_column("org_domains", sa.Column(name, sa.DateTime))
