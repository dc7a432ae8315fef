"""Any cell of any table may be unknown: then a rule claims less or asks a person, and none breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import auditor.audit
from auditor.audit import audit
from auditor.model import Results
from auditor.request import Request
from auditor.simulate import build_account, write_account
from auditor.store.tables import Tables, build_tables
from auditor.store.workspace import open_workspace

#: What tells a row from others is there in every row: the reader leaves rows without it out.
NEVER_UNKNOWN = {"row_id", "date", "export_last_day", "has_figures"}
SHARES = (0.02, 0.2, 1.0)
ACCOUNT = (5, "DE", 40)

Audit = Callable[[Random | None], Results]


def with_unknown_cells(tables: Tables, chance: Random) -> None:
    """In some columns of some tables a share of the cells becomes unknown."""
    columns = tables.con.execute(
        """select table_name, column_name from duckdb_columns()
           where not internal and table_name in (select table_name from duckdb_tables()) order by all"""
    ).fetchall()
    for table, column in columns:
        if column not in NEVER_UNKNOWN and chance.random() < 0.1:
            share, seed = chance.choice(SHARES), chance.randrange(2**31)
            tables.con.execute(
                f"update {table} set {column} = null where hash({seed}, rowid) % 1000 < {int(share * 1000)}"
            )


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """Audits a small account, of whose tables some cells become unknown."""
    place = tmp_path_factory.mktemp("account")
    write_account(build_account(*ACCOUNT), place)
    workspace = open_workspace(tmp_path_factory.mktemp("workspace"))

    def run(chance: Random | None) -> Results:
        def built(*arguments: object) -> Tables:
            tables = build_tables(*arguments)  # type: ignore[arg-type]
            if chance:
                with_unknown_cells(tables, chance)
            return tables

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(auditor.audit, "build_tables", built)
            return audit(Request([Path(place)], workspace))

    return run


@settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 2**32 - 1))
def test_unknown_cells_break_no_rule(audited: Audit, seed: int) -> None:
    results = audited(Random(seed))
    assert not [text for text in results.manifest["warnings"] if "rule" in text]
