"""The tables of the case log, and how an older log becomes one of this version."""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from auditor.model import AuditError, Problem

#: The newest migration in migrations/versions.
HEAD = "0003"
#: How long one process waits for another that writes, in seconds.
PATIENCE = 30


class Money(sa.types.TypeDecorator[Decimal]):
    """An exact decimal, kept as text: SQLite would keep a binary fraction."""

    impl = sa.String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:  # noqa: ARG002
        """As text."""
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:  # noqa: ARG002
        """As a decimal with the digits it was written with."""
        return None if value is None else Decimal(value)


metadata = sa.MetaData()

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("finding_id", sa.String(40), primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("marketplace", sa.Text, nullable=False),
    sa.Column("confidence", sa.String(10), nullable=False),
    sa.Column("fnsku", sa.Text, nullable=False),
    sa.Column("msku", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("reference_id", sa.Text, nullable=False),
    sa.Column("event_date", sa.Date),
    sa.Column("units", sa.Integer, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount", Money),
    sa.Column("claim_from", sa.Date),
    sa.Column("safe_by", sa.Date),
    sa.Column("claim_by", sa.Date),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("summary", sa.Text, nullable=False),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("state_since", sa.Date, nullable=False),
    sa.Column("case_id", sa.Text, nullable=False, index=True),
    sa.Column("filed_on", sa.Date),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("appeals", sa.Integer, nullable=False),
    sa.Column("last_seen", sa.Date),
    sa.Column("version", sa.Integer, nullable=False),
)

COLUMN_NAMES = tuple(column.name for column in cases.columns)

history = sa.Table(
    "history",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("finding_id", sa.String(40), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("from_state", sa.String(20), nullable=False),
    sa.Column("to_state", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("history_of_case", "account", "finding_id"),
)

payments = sa.Table(
    "payments",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("payment", sa.Text, primary_key=True),
    sa.Column("finding_id", sa.String(40), primary_key=True),
    sa.Column("reimbursement_id", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("units", sa.Integer, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount", Money),
    sa.Column("how", sa.Text, nullable=False),
)

alerts = sa.Table(
    "alerts",
    metadata,
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

contacts = sa.Table(
    "contacts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("account", sa.String(64), nullable=False, index=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("who", sa.String(120), nullable=False),
    sa.Column("channel", sa.String(40), nullable=False),
    sa.Column("outcome", sa.String(200), nullable=False),
    sa.Column("note", sa.String(2000), nullable=False),
)


def engine_for(url: str) -> sa.Engine:
    """An engine whose transactions are whole and, on SQLite, take their turn from the first statement on.

    Raises AuditError when the URL or its driver cannot be used.
    """
    try:
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "postgresql" and parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        sqlite = parsed.get_backend_name() == "sqlite"
        engine = sa.create_engine(parsed, connect_args={"timeout": PATIENCE} if sqlite else {})
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ModuleNotFoundError) as error:
        remedy = "It looks like sqlite:////srv/cases.db or postgresql://user@host/cases (extra `postgres`)."
        raise AuditError(Problem(f"the case log's URL cannot be used: {_reason(error)}.", remedy)) from error
    if sqlite:
        sa.event.listen(engine, "connect", _plain_transactions)
        sa.event.listen(engine, "begin", _begin_writing)
    return engine


def _plain_transactions(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("pragma synchronous = full")


def _begin_writing(connection: sa.Connection) -> None:
    connection.exec_driver_sql("begin immediate")


def migrate(engine: sa.Engine) -> None:
    """Bring the log to this version's tables; an empty database gets them.

    Raises AuditError when a newer version of the tool has written it.
    """
    with engine.begin() as connection:
        found = _version(connection)
        if found == HEAD:
            return
        if found and found > HEAD:
            what = f"the case log was written by a newer version of this tool (tables {found}, known here {HEAD})."
            raise AuditError(Problem(what, "Install that version."))
        _upgrade(connection)


def _version(connection: sa.Connection) -> str:
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("select version_num from alembic_version")).scalar() or ""


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:200].rstrip(".")
