"""Meetings that are planned: a number that outlives its occurrences, series and their rules, who is invited."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("meetings", sa.Column("planned", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("meetings", sa.Column("keeps_until", sa.DateTime))
    op.create_table(
        "meeting_occurrences",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("occurrence", sa.Integer, nullable=False),
        sa.Column("planned_for", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("people", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", "occurrence", name="pk_meeting_occurrences"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_meeting_occurrences_number"),
    )
    op.create_index("ix_meeting_occurrences_ended_at", "meeting_occurrences", ["ended_at"])
    op.create_table(
        "meeting_bans",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("number", "mark", name="pk_meeting_bans"),
        sa.ForeignKeyConstraint(["number"], ["meetings.number"], name="fk_meeting_bans_number"),
    )
    op.create_table(
        "calendar_series",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("plan", sa.JSON, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("link_version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("cancelled_at", sa.DateTime),
        sa.Column("over_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_series"),
        sa.UniqueConstraint("number", name="uq_calendar_series_number"),
    )
    op.create_index("ix_calendar_series_owner", "calendar_series", ["owner", "over_at"])
    op.create_table(
        "calendar_invitations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("series", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.String(320)),
        sa.Column("account", sa.String(32)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("cohost", sa.Boolean, nullable=False),
        sa.Column("answer", sa.String(8)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_invitations"),
        sa.ForeignKeyConstraint(["series"], ["calendar_series.id"], name="fk_calendar_invitations_series"),
    )
    for column in ("series", "address", "account"):
        op.create_index(f"ix_calendar_invitations_{column}", "calendar_invitations", [column])
    op.create_table(
        "calendar_templates",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("wish", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_templates"),
    )
    op.create_index("ix_calendar_templates_owner", "calendar_templates", ["owner"])
    op.create_table(
        "calendar_people",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("feed_version", sa.Integer, nullable=False),
        sa.Column("quiet_from", sa.String(5)),
        sa.Column("quiet_to", sa.String(5)),
        sa.Column("ring_by_mail", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("account", name="pk_calendar_people"),
    )
