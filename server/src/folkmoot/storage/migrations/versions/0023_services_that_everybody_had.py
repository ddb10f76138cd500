"""Services count from now on. Until now everybody had all of them, whatever a plan said: they keep them until the operator says otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ALL = ["api", "branding", "directory_sync"]


def upgrade() -> None:
    plans = sa.table("billing_plans", sa.column("id", sa.String), sa.column("said", sa.JSON))
    said = op.get_bind().scalar(sa.select(plans.c.said).where(plans.c.id == "free"))
    if said is not None:
        op.execute(plans.update().where(plans.c.id == "free").values(said=said | {"services": ALL}))
