"""Meetings: who may come in, and the log of what they did."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("admission_hash", sa.LargeBinary, nullable=False),
        sa.Column("passcode_hash", sa.LargeBinary, nullable=False),
        sa.Column("host_key_hash", sa.LargeBinary, nullable=False),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("entered", sa.Boolean, nullable=False),
        sa.Column("empty_since", sa.DateTime),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("reserved", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_meetings"),
    )
    op.create_index("ix_meetings_ended_at", "meetings", ["ended_at"])
    op.create_table(
        "participants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("rejoin_hash", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_participants"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_participants_number"),
    )
    op.create_index("ix_participants_number_rejoin_hash", "participants", ["number", "rejoin_hash"])
    op.create_table(
        "meeting_events",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("feature", sa.String(32), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("by", sa.String(32)),
        sa.Column("payload", sa.JSON, nullable=False),
        sa.Column("audience", sa.JSON),
        sa.Column("command", sa.String(64)),
        sa.PrimaryKeyConstraint("number", "occurrence", "seq", name="pk_meeting_events"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_meeting_events_number"),
    )
    op.create_table(
        "meeting_snapshots",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("shape", sa.String(64), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", "occurrence", name="pk_meeting_snapshots"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_meeting_snapshots_number"),
    )
