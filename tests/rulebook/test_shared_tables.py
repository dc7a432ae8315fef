"""Shared tables are made in the order of what they read, and only those that somebody asked for."""

from __future__ import annotations

import duckdb
import pytest

from auditor.rulebook.rules import load_rules
from auditor.rulebook.shared_tables import load_shared_sql, reads_behind, tables_behind
from auditor.store.database import connect


def test_every_shared_table_comes_after_those_it_is_made_of() -> None:
    order = tables_behind(None)
    place = {table: number for number, table in enumerate(order)}
    assert set(load_shared_sql()) < set(order)
    assert place["payments"] < place["pair_sides"] < place["pairs"] < place["explanations"]
    assert place["losses"] < place["lots"] < place["lot_groups"]
    assert place["refund_lines"] < place["refunded_units"] < place["order_debts"]
    assert place["surplus"] < place["later_finds"]


def test_a_rule_about_money_needs_no_lots() -> None:
    assert {"lots", "settlements"}.isdisjoint(tables_behind(["order_money"]))
    assert "lots" in tables_behind(["lot_groups"])


def test_payments_are_made_for_everybody_because_the_engine_values_with_them() -> None:
    assert tables_behind([]) == ["payments"]


def test_what_is_read_behind_a_shared_table_is_known_too() -> None:
    assert {"settlements_v2", "transactions"} <= reads_behind(["refund_lines"])


def test_every_input_of_a_rule_exists_or_is_made() -> None:
    rules, _ = load_rules()
    shared = set(tables_behind(None))
    asked = {table for rule in rules for table in rule.facts.inputs}
    assert {"lot_groups", "order_debts", "cash_payments"} <= asked & shared


def test_a_query_can_never_read_a_variable_of_this_program() -> None:
    secret = [1]
    with pytest.raises(duckdb.CatalogException, match="secret does not exist"):
        connect().execute("select * from secret")
    assert secret == [1]
