"""The first tables: cases, their history, and the payments that were matched to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "cases",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("finding_id", sa.String(40), primary_key=True),
        sa.Column("rule", sa.String(80), nullable=False),
        sa.Column("marketplace", sa.String(10), nullable=False),
        sa.Column("confidence", sa.String(10), nullable=False),
        sa.Column("fnsku", sa.String(40), nullable=False),
        sa.Column("msku", sa.String(80), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reference_id", sa.String(80), nullable=False),
        sa.Column("event_date", sa.Date),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.String(40)),
        sa.Column("claim_from", sa.Date),
        sa.Column("safe_by", sa.Date),
        sa.Column("claim_by", sa.Date),
        sa.Column("reasons", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False, index=True),
        sa.Column("state_since", sa.Date, nullable=False),
        sa.Column("case_id", sa.String(60), nullable=False, index=True),
        sa.Column("filed_on", sa.Date),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("appeals", sa.Integer, nullable=False),
        sa.Column("last_seen", sa.Date),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("account", sa.String(200), nullable=False),
        sa.Column("finding_id", sa.String(40), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("from_state", sa.String(20), nullable=False),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("history_of_case", "history", ["account", "finding_id"])
    op.create_table(
        "payments",
        sa.Column("account", sa.String(200), primary_key=True),
        sa.Column("payment", sa.String(200), primary_key=True),
        sa.Column("finding_id", sa.String(40), primary_key=True),
        sa.Column("reimbursement_id", sa.String(60), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("units", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("amount", sa.String(40)),
        sa.Column("how", sa.String(40), nullable=False),
    )
