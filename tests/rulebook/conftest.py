"""Rules that a test spells out, and a database with every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from auditor.exports.catalog import Catalog, load_catalog
from auditor.policy import Policy, load_policy
from auditor.rulebook.cases import CaseRoom
from auditor.rulebook.policy_tables import create_policy_tables
from auditor.rulebook.rules import Rule, load_rule
from auditor.rulebook.shared_tables import build_shared_tables
from auditor.store.database import connect
from auditor.store.tables import create_tables

# How fast the machine is proves nothing.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

AS_OF = date(2026, 5, 10)

FRONT = """\
title = "Lost, for a test"
what = "What is found."
why = "Why it is owed."
leaves_out = ["Nothing."]
source = "https://example.com/source"
window = "fc_lost_damaged"
basis = "cost"
payment_family = "lost"
inputs = ["ledger"]
plus = ["lost"]
minus = ["found"]
"""

QUERY = """\
select
  reference_id as identity,
  'claim' as outcome,
  null as explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  date as event_date,
  date as anchor_date,
  date as covers_from,
  -quantity as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null as currency,
  'high' as confidence,
  [] as reasons,
  [] as relies_on,
  [{'role': 'lost', 'row_id': row_id, 'units': -quantity}] as evidence
from ledger
where quantity < 0
"""


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="session")
def room(catalog: Catalog, policy: Policy) -> CaseRoom:
    return CaseRoom(catalog, policy)


@pytest.fixture(scope="session")
def empty_tables(catalog: Catalog, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of every table that a rule may read, empty: made once, as it takes longer than any test."""
    path = tmp_path_factory.mktemp("tables") / "empty.db"
    con = connect()
    create_tables(con, catalog)
    create_policy_tables(con, policy)
    build_shared_tables(con, AS_OF)
    con.execute(f"attach '{path}' as kept; copy from database memory to kept; detach kept")
    con.close()
    return path


@pytest.fixture
def con(empty_tables: Path) -> duckdb.DuckDBPyConnection:
    """Every table that a rule may read, empty."""
    con = connect()
    con.execute(f"attach '{empty_tables}' as kept (read_only); copy from database kept to memory; detach kept")
    return con


@pytest.fixture
def write_rule(tmp_path: Path) -> Callable[..., Path]:
    """Writes a rule folder; the folder that holds it is what --rules would name."""

    def write(query: str = QUERY, front: str = FRONT, name: str = "test_rule") -> Path:
        folder = tmp_path / "rules" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "rule.sql").write_text(f"/*\n{front}*/\n{query}", encoding="utf-8")
        return folder

    return write


@pytest.fixture
def rule(write_rule: Callable[..., Path]) -> Callable[..., Rule]:
    """A rule as it is loaded from its file."""
    return lambda query=QUERY, front=FRONT: load_rule(write_rule(query, front), built_in=False)
