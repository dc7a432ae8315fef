"""Checking a rule before it runs, with DuckDB itself: one SELECT, declared inputs, the columns every rule gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

import duckdb

from auditor.model import Problem
from auditor.policy import Policy
from auditor.rulebook.rules import Option, Rule
from auditor.toml_lines import TomlLines

#: What `audit rules new` leaves to be said.
TODO = re.compile(r"\bTODO\b")

CANDIDATE_COLUMNS: dict[str, str] = {
    "identity": "VARCHAR",
    "outcome": "VARCHAR",
    "explanation": "VARCHAR",
    "marketplace": "VARCHAR",
    "fnsku": "VARCHAR",
    "msku": "VARCHAR",
    "asin": "VARCHAR",
    "title": "VARCHAR",
    "reference_id": "VARCHAR",
    "event_date": "DATE",
    "anchor_date": "DATE",
    "covers_from": "DATE",
    "units": "BIGINT",
    "value_total": "DECIMAL(38,4)",
    "value_units": "BIGINT",
    "currency": "VARCHAR",
    "confidence": "VARCHAR",
    "reasons": "VARCHAR[]",
    "relies_on": "VARCHAR[]",
    "evidence": "STRUCT(role VARCHAR, row_id BIGINT, units BIGINT)[]",
}


def check_rule(con: duckdb.DuckDBPyConnection, rule: Rule, as_of: date) -> list[Problem]:
    """Everything that keeps `rule` from running on `con`, where all tables already exist; empty when it may run."""
    try:
        statements = con.extract_statements(rule.query)
    except duckdb.Error as error:
        return [_problem(con, rule, error)]
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return [Problem("the file must hold exactly one SELECT.", "Remove every other statement.", file=rule.file)]
    known = {"as_of", *rule.facts.options}
    if unknown := sorted(set(statements[0].named_parameters) - known):
        remedy = f"It may use {', '.join(f'${name}' for name in sorted(known))}; declare others in `options`."
        return [Problem(f"unknown parameter ${unknown[0]}.", remedy, file=rule.file)]
    if problem := _strange_table(con, rule):
        return [problem]
    try:
        # Describing takes no parameter, so the day stands in the text for this one look at the columns.
        described = con.execute("describe " + _with_values(rule, as_of)).fetchall()
    except duckdb.Error as error:
        return [_problem(con, rule, error)]
    return _column_problems(rule, [(name, kind) for name, kind, *_ in described])


def _strange_table(con: duckdb.DuckDBPyConnection, rule: Rule) -> Problem | None:
    """The first table that the front matter names and nobody fills, or that the query reads undeclared."""
    there = {name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()}
    known = there | {file.name.removesuffix(".sql") for file in (files("auditor.rules") / "shared").iterdir()}
    if strange := sorted(rule.facts.tables - there):
        what = f"`reads` or `requires` name the table {strange[0]}, which no export fills."
        return Problem(what, _near_table(strange[0], known), rule.file, _line_of(rule, "reads"))
    if strange := sorted(set(rule.facts.inputs) - there):
        what = f"`inputs` name the table {strange[0]}, which does not exist."
        return Problem(what, _near_table(strange[0], known), rule.file, _line_of(rule, "inputs"))
    if undeclared := sorted(tables_read(con, rule.query) - set(rule.facts.inputs)):
        remedy = f"Add it to `inputs`, or use one of: {', '.join(rule.facts.inputs)}."
        what = f"table {undeclared[0]} is not declared in `inputs`."
        return Problem(what, remedy, rule.file, _line_of(rule, "inputs"))
    return None


def _near_table(name: str, there: Iterable[str]) -> str:
    near = get_close_matches(name, there, n=1)
    return f"Did you mean {near[0]}? `audit rules tables` lists them." if near else "`audit rules tables` lists them."


def unfinished(rule: Rule) -> list[Problem]:
    """What a new rule of one's own still leaves to be said: nobody could tell its findings from a mistake."""
    facts = rule.facts
    said = {"title": facts.title, "what": facts.what, "why": facts.why, "leaves_out": " ".join(facts.leaves_out)}
    open_ = [key for key, text in said.items() if TODO.search(text)]
    if rule.built_in or not open_:
        return []
    return [Problem(f"the rule is not finished: {', '.join(open_)} still say TODO.", "Say it.", file=rule.file)]


def unknown_window(rule: Rule, policy: Policy) -> list[Problem]:
    """What is wrong with the window of a rule of one's own: a misspelt name must not cost every deadline."""
    if rule.built_in or rule.facts.window is None or rule.facts.window in policy.claim_types:
        return []
    near = get_close_matches(rule.facts.window, policy.claim_types, n=3, cutoff=0.3)
    remedy = f"Did you mean {', '.join(near)}?" if near else "See `audit policy show`, or leave `window` out."
    return [Problem(f"the policy has no window {rule.facts.window}.", remedy, file=rule.file)]


def tables_read(con: duckdb.DuckDBPyConnection, query: str) -> set[str]:
    """The tables that `query` reads, without its own CTEs, from DuckDB's own parse tree."""
    row = con.execute("select json_serialize_sql(?)", [query]).fetchone()
    return set(_tables_in(row[0])) if row else set()


@lru_cache(maxsize=8)
def _tables_in(parsed: str) -> frozenset[str]:
    """The tables of a parse tree in JSON; kept, because the cases of a rule check the same query again and again."""
    tables: set[str] = set()
    own: set[str] = set()
    for node in _nodes(json.loads(parsed)):
        if node.get("type") == "BASE_TABLE":
            tables.add(str(node["table_name"]))
        own.update(str(cte["key"]) for cte in (node.get("cte_map") or {}).get("map", []))
    return frozenset(tables - own)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def parameters(rule: Rule, as_of: date) -> dict[str, date | Option]:
    """The values of the parameters that the rule's query uses; DuckDB refuses those it does not."""
    values: dict[str, date | Option] = {"as_of": as_of, **rule.facts.options}
    return {name: value for name, value in values.items() if re.search(rf"\${name}\b", rule.query)}


def _with_values(rule: Rule, as_of: date) -> str:
    """The query with its parameters' values in the text, where DuckDB takes no parameters."""
    literals = {name: _literal(value) for name, value in parameters(rule, as_of).items()}
    return re.sub(r"\$(\w+)", lambda found: literals.get(found[1], found[0]), rule.query)


def _literal(value: date | Option) -> str:
    if isinstance(value, date):
        return f"date '{value}'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _column_problems(rule: Rule, described: Sequence[tuple[str, str]]) -> list[Problem]:
    wanted = list(CANDIDATE_COLUMNS)
    given = [name for name, _ in described]
    if given != wanted:
        missing = [name for name in wanted if name not in given]
        extra = [name for name in given if name not in wanted]
        what = (
            f"missing {', '.join(missing)}"
            if missing
            else f"unknown {', '.join(extra)}"
            if extra
            else "in another order"
        )
        return [
            Problem(f"the columns are {what}.", f"A rule gives, in this order: {', '.join(wanted)}.", file=rule.file)
        ]
    return [
        Problem(f"column {name} is {kind}, not {CANDIDATE_COLUMNS[name]}.", "Cast it.", file=rule.file)
        for name, kind in described
        if not _compatible(kind, CANDIDATE_COLUMNS[name])
    ]


def _compatible(given: str, wanted: str) -> bool:
    plain = re.sub(r"HUGEINT|INTEGER|SMALLINT|TINYINT", "BIGINT", given.replace('"', ""))
    if wanted.startswith("DECIMAL"):
        return plain.startswith("DECIMAL") or plain == "BIGINT"
    return plain in (wanted, "NULL", "NULL[]") or (wanted == "VARCHAR[]" and plain == "BIGINT[]")


def _problem(con: duckdb.DuckDBPyConnection, rule: Rule, error: duckdb.Error) -> Problem:
    """DuckDB's message, with the line of the file: the query starts after the front matter."""
    text = str(error).split("\n\n")[0].strip()
    line = re.search(r"LINE (\d+):", str(error))
    number = int(line[1]) + _front_matter_lines(rule) if line else None
    return Problem(text if text[-1:] in ".!?" else f"{text}.", _near_column(con, rule, text), rule.file, number)


def _near_column(con: duckdb.DuckDBPyConnection, rule: Rule, message: str) -> str:
    """The columns of the rule's tables that a misspelt one may mean; DuckDB names none where a table has an alias."""
    found = re.search(r'column (?:named |with name )?"([^"]+)"', message)
    if not found:
        return ""
    query = "select table_name, column_name from duckdb_columns() where table_name in (select unnest(?::varchar[]))"
    tables: dict[str, list[str]] = {}
    for table, column in con.execute(query, [list(rule.facts.inputs)]).fetchall():
        tables.setdefault(column, []).append(table)
    near = [f"{table}.{name}" for name in get_close_matches(found[1], tables, n=2) for table in sorted(tables[name])]
    if near:
        return f"Near it: {', '.join(near[:4])}. `audit rules tables TABLE` shows all columns."
    return "`audit rules tables TABLE` shows the columns of a table."


def _line_of(rule: Rule, key: str) -> int:
    """The line of a key of the front matter."""
    return TomlLines((rule.folder / "rule.sql").read_text(encoding="utf-8")).line(key)


def _front_matter_lines(rule: Rule) -> int:
    text = (rule.folder / "rule.sql").read_text(encoding="utf-8").replace("\r\n", "\n")
    return text[: text.index(rule.query)].count("\n") if rule.query in text else 0
