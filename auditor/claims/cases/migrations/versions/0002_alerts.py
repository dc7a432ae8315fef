"""The alerts of accounts, and who was contacted when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "alerts",
        sa.Column("account", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(160), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("seen_on", sa.Date, nullable=False),
        sa.Column("snoozed_until", sa.Date),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.String(64), nullable=False, index=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(200), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
    )
