"""Texts of the exports have no longest length: PostgreSQL, which keeps to one, takes any from here on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

COLUMNS = (
    ("cases", "account"), ("cases", "rule"), ("cases", "marketplace"), ("cases", "fnsku"), ("cases", "msku"),
    ("cases", "reference_id"), ("cases", "currency"), ("cases", "case_id"), ("cases", "owner"),
    ("history", "account"), ("history", "who"), ("history", "reason"),
    ("payments", "account"), ("payments", "payment"), ("payments", "reimbursement_id"), ("payments", "currency"),
    ("payments", "how"),
)  # fmt: skip


def upgrade() -> None:
    """Lift the lengths; SQLite never minded them."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in COLUMNS:
        op.alter_column(table, column, type_=sa.Text)
