"""What keeps a rule from running, and what it cannot do once it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from auditor.model import Problem
from auditor.rulebook.check import CANDIDATE_COLUMNS, check_rule, tables_read
from auditor.rulebook.rules import Rule
from auditor.store.tables import lock

from .conftest import AS_OF, FRONT, QUERY

Rules = Callable[..., Rule]


def refused(con: duckdb.DuckDBPyConnection, rule: Rule) -> Problem:
    (problem,) = check_rule(con, rule, AS_OF)
    assert problem.file == "test_rule/rule.sql"
    return problem


def test_a_rule_with_one_select_of_declared_tables_may_run(con: duckdb.DuckDBPyConnection, rule: Rules) -> None:
    assert check_rule(con, rule(), AS_OF) == []


@pytest.mark.parametrize(
    "query",
    [
        f"{QUERY}; select 1",
        "insert into ledger (fnsku) values ('X1')",
        "delete from ledger",
        "update ledger set quantity = 0",
        "create table mine as select 1",
        "drop table ledger",
        "copy ledger to 'ledger.csv'",
        "attach ':memory:' as other",
        "install httpfs",
        "set threads = 1",
        "pragma enable_profiling",
        "",
    ],
)
def test_anything_but_one_select_is_refused(con: duckdb.DuckDBPyConnection, rule: Rules, query: str) -> None:
    assert "exactly one SELECT" in refused(con, rule(query)).what


def test_only_the_as_of_date_may_be_asked_for(con: duckdb.DuckDBPyConnection, rule: Rules) -> None:
    assert check_rule(con, rule(f"{QUERY} and date <= $as_of"), AS_OF) == []
    problem = refused(con, rule(f"{QUERY} and date <= $today"))
    assert ("$today" in problem.what, "$as_of" in problem.remedy) == (True, True)


@pytest.mark.parametrize(
    "query",
    [
        f"{QUERY} and order_id in (select order_id from orders)".replace("order_id in", "msku in"),
        QUERY.replace("from ledger", "from ledger join orders using (msku)"),
        f"with mine as (select * from orders) {QUERY} and msku in (select msku from mine)",
    ],
    ids=["in a subquery", "in a join", "in a CTE"],
)
def test_a_table_that_is_not_declared_is_refused_and_named(
    con: duckdb.DuckDBPyConnection, rule: Rules, query: str
) -> None:
    assert "table orders is not declared" in refused(con, rule(query)).what


def test_a_rule_may_read_what_it_declares_and_its_own_steps(con: duckdb.DuckDBPyConnection, rule: Rules) -> None:
    query = f"with mine as (select * from orders) {QUERY} and msku in (select msku from mine)"
    front = FRONT.replace('inputs = ["ledger"]', 'inputs = ["ledger", "orders"]')
    assert check_rule(con, rule(query, front), AS_OF) == []
    assert tables_read(con, query) == {"ledger", "orders"}


def test_a_table_that_is_misspelt_where_it_is_declared_is_named_there(
    con: duckdb.DuckDBPyConnection, rule: Rules
) -> None:
    misspelt = rule(front=FRONT.replace('inputs = ["ledger"]', 'inputs = ["ledgr"]'))
    (problem,) = check_rule(con, misspelt, AS_OF)
    assert problem.what == "`inputs` name the table ledgr, which does not exist."
    assert problem.remedy.startswith("Did you mean ledger?")


@pytest.mark.parametrize(
    "query",
    [
        QUERY.replace("-quantity as", "-quantty as"),
        QUERY.replace("-quantity as", "-l.quantty as").replace("from ledger", "from ledger as l"),
    ],
)
def test_a_misspelt_column_is_told_with_those_near_it_also_of_a_table_with_another_name(
    con: duckdb.DuckDBPyConnection, rule: Rules, query: str
) -> None:
    (problem,) = check_rule(con, rule(query), AS_OF)
    assert "quantty" in problem.what
    assert problem.line
    assert "ledger.quantity" in problem.remedy


def test_a_table_that_does_not_exist_is_named(con: duckdb.DuckDBPyConnection, rule: Rules) -> None:
    front = FRONT.replace('inputs = ["ledger"]', 'inputs = ["leger"]')
    assert "leger" in refused(con, rule(QUERY.replace("from ledger", "from leger"), front)).what


@pytest.mark.parametrize(
    "line",
    [
        'reads = [["settlements_v2", "transaction"]]',
        '[[requires]]\ntable = "transaction"\nto = "as_of"\nwithout = "review"',
    ],
)
def test_an_export_that_does_not_exist_is_named(con: duckdb.DuckDBPyConnection, rule: Rules, line: str) -> None:
    assert "name the table transaction, which no export fills" in refused(con, rule(QUERY, f"{FRONT}{line}\n")).what


@pytest.mark.parametrize("column", ["identity", "covers_from", "evidence"])
def test_a_missing_column_is_named(con: duckdb.DuckDBPyConnection, rule: Rules, column: str) -> None:
    kept = ", ".join(name for name in CANDIDATE_COLUMNS if name != column)
    assert f"missing {column}" in refused(con, rule(f"select {kept} from ({QUERY}) as all_columns")).what


def test_a_column_too_many_is_named(con: duckdb.DuckDBPyConnection, rule: Rules) -> None:
    assert "unknown amount" in refused(con, rule(f"select *, 1 as amount from ({QUERY}) as q")).what


def test_columns_in_another_order_are_refused(con: duckdb.DuckDBPyConnection, rule: Rules) -> None:
    names = ", ".join(reversed(CANDIDATE_COLUMNS))
    problem = refused(con, rule(f"select {names} from ({QUERY}) as q"))
    assert "another order" in problem.what
    assert ", ".join(CANDIDATE_COLUMNS) in problem.remedy


@pytest.mark.parametrize(
    ("right", "wrong", "column"),
    [
        ("date as event_date", "date::varchar as event_date", "event_date is VARCHAR, not DATE"),
        ("-quantity as units", "quantity / 2 as units", "units is DOUBLE, not BIGINT"),
        ("null::decimal(38, 4) as", "1.5::double as", "value_total is DOUBLE, not DECIMAL"),
        ("[] as reasons", "'none' as reasons", "reasons is VARCHAR, not VARCHAR[]"),
        ("'units': -quantity}", "'units': -quantity, 'why': 'lost'}", "evidence is STRUCT"),
        ("'row_id': row_id,", "'row_id': 'first',", "evidence is STRUCT"),
    ],
)
def test_a_column_of_another_type_is_named(
    con: duckdb.DuckDBPyConnection, rule: Rules, right: str, wrong: str, column: str
) -> None:
    assert right in QUERY
    assert column in refused(con, rule(QUERY.replace(right, wrong))).what


@pytest.mark.parametrize(
    ("right", "also"),
    [
        ("-quantity as units", "(-quantity)::hugeint as units"),
        ("-quantity as units", "1 as units"),
        ("null::decimal(38, 4) as", "12.50 as"),
        ("[] as reasons", "['why'] as reasons"),
    ],
)
def test_types_that_hold_the_same_values_are_taken(
    con: duckdb.DuckDBPyConnection, rule: Rules, right: str, also: str
) -> None:
    assert right in QUERY
    assert check_rule(con, rule(QUERY.replace(right, also)), AS_OF) == []


@pytest.mark.parametrize(
    ("right", "wrong"), [("from ledger", "form ledger"), ("  title,", "  titel,")], ids=["syntax", "column"]
)
def test_a_mistake_is_named_with_its_line_in_the_file(
    con: duckdb.DuckDBPyConnection, rule: Rules, right: str, wrong: str
) -> None:
    made = rule(QUERY.replace(right, wrong))
    text = (Path(str(made.folder)) / "rule.sql").read_text(encoding="utf-8")
    assert wrong in text.split("\n")[(refused(con, made).line or 0) - 1]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{file}')",
        "select * from read_text('{file}')",
        "select * from read_blob('{file}')",
        "select * from read_parquet('{file}')",
        "select * from read_json('{file}')",
        "select * from glob('{folder}/*')",
        "select * from '{file}'",
        "select * from sniff_csv('{file}')",
        "copy ledger to '{folder}/out.csv'",
        "copy ledger from '{file}'",
        "attach '{folder}/other.db' as other",
        "export database '{folder}/out'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set threads = 1",
        "reset threads",
        "pragma enable_profiling",
        "pragma memory_limit = '1GB'",
    ],
)
def test_a_locked_database_reaches_no_file_and_changes_no_setting(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, statement: str
) -> None:
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    lock(con)
    with pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        con.execute(statement.format(file=file, folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["secret.csv"]


def test_a_rule_that_reads_a_file_does_not_pass_the_check_of_a_locked_database(
    con: duckdb.DuckDBPyConnection, rule: Rules, tmp_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("msku\nSKU-1\n", encoding="utf-8")
    query = f"{QUERY} and msku in (select msku from read_csv('{tmp_path}/secret.csv'))"
    assert check_rule(con, rule(query), AS_OF) == []
    lock(con)
    assert "disabled" in refused(con, rule(query)).what
