"""People who write rules see every table there is, with its columns, and the files of the rules that came with it."""

from __future__ import annotations

import json
from datetime import date

import duckdb
import pytest
from click.testing import CliRunner

from auditor.cli import cli
from auditor.exports.catalog import Catalog
from auditor.policy import Policy
from auditor.rulebook.policy_tables import create_policy_tables
from auditor.rulebook.rules import load_rules
from auditor.rulebook.shared_tables import build_shared_tables
from auditor.rulebook.table_pages import RuleTable, rule_tables


@pytest.fixture(scope="module")
def tables(catalog: Catalog, policy: Policy) -> dict[str, RuleTable]:
    return {table.name: table for table in rule_tables(catalog, policy)}


def said(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(cli, ["rules", *arguments])
    return told.exit_code, told.output


def test_every_table_that_an_audit_makes_is_listed(
    con: duckdb.DuckDBPyConnection, policy: Policy, tables: dict[str, RuleTable]
) -> None:
    create_policy_tables(con, policy)
    build_shared_tables(con, date(2026, 5, 10))
    made = {name for (name,) in con.execute("select table_name from duckdb_tables() where not temporary").fetchall()}
    assert made == set(tables)


def test_every_table_says_what_it_holds_and_every_input_of_a_rule_is_among_them(tables: dict[str, RuleTable]) -> None:
    assert [table.name for table in tables.values() if not table.what.endswith(".") or not table.columns] == []
    assert {name for rule in load_rules()[0] for name in rule.facts.inputs} <= set(tables)
    ledger = {column.name: (column.type, column.meaning) for column in tables["ledger"].columns}
    assert ledger["fulfillment_center"] == ("VARCHAR", "Fulfillment Center")
    assert tables["lot_groups"].exports == ()


def test_the_command_lists_tables_and_shows_the_columns_of_one() -> None:
    code, listed = said("tables")
    assert (code, "\nlot_groups " in listed, "\nremoval_orders " in listed) == (0, True, True)
    code, shown = said("tables", "removal_orders")
    assert code == 0
    assert "From: Removal order detail." in shown
    assert "  requested_quantity " in shown
    (only,) = json.loads(said("tables", "removal_orders", "--json")[1])["tables"]
    assert {"name": "row_id", "type": "BIGINT"}.items() <= next(
        c for c in only["columns"] if c["name"] == "row_id"
    ).items()
    code, told = said("tables", "removal_ordrs")
    assert (code, "there is no table removal_ordrs. Did you mean removal_orders" in told) == (2, True)


def test_a_rule_is_shown_with_its_files() -> None:
    code, shown = said("show", "warehouse_lost", "--files")
    assert code == 0
    assert [line for line in shown.splitlines() if line.startswith("==> ")] == [
        f"==> warehouse_lost/{name} <==" for name in ("rule.sql", "claim.toml", "cases.toml")
    ]
    assert said("show", "payout_exposure", "--files")[1].count("==> ") == 2
    assert "A rule of your own needs --rules DIR." in said("show", "no_such_rule_here")[1]
