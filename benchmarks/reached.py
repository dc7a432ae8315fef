"""Does some case reach every part of every query? Names each part that no case of any rule puts a row into.

    python benchmarks/reached.py [--out benchmarks/reached.md]

A part is a common table expression of a rule or of a shared table, and the table or rule itself. A part that is never
reached is never judged: whatever it says, all cases pass. Exit 1 when there is one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlglot.dialects.duckdb import DuckDB

if TYPE_CHECKING:
    import duckdb

    from auditor.rulebook.rules import Option

WHOLE = "the whole"
HEAD = """# Parts of the queries that cases reach

A part is a common table expression of a rule or of a shared table (`benchmarks/reached.py`). It is reached when some
case of a rule puts a row into it.

| file | parts | reached | never reached |
|---|---:|---:|---|
"""


@dataclass
class Query:
    """A query cut into its parts: `heading` holds all common table expressions, up to the last select."""

    heading: str
    body: str
    waiting: list[str]
    reached: list[str] = field(default_factory=list)

    def look(self, con: duckdb.DuckDBPyConnection, values: Mapping[str, date | Option]) -> None:
        """Note which of the parts that no case has reached yet have a row now."""
        if not self.waiting:
            return
        asked = [f"exists ({self.body if part == WHOLE else f'select 1 from {part}'})" for part in self.waiting]
        query = f"{self.heading} select {', '.join(asked)}"
        used = {name: value for name, value in values.items() if re.search(rf"\${name}\b", query)}
        seen = con.execute(query, used).fetchone() or ()
        self.reached += [part for part, has_row in zip(self.waiting, seen, strict=True) if has_row]
        self.waiting = [part for part in self.waiting if part not in self.reached]


def cut(query: str) -> Query:
    """The parts of a query, in its order."""
    tokens = DuckDB().tokenize(query)
    names: list[str] = []
    depth = 0
    for index, token in enumerate(tokens):
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 1 and token.text == "(" and index > 1 and tokens[index - 1].text.lower() == "as":
            names.append(tokens[index - 2].text)
        if depth == 0 and token.text.lower() == "select":
            return Query(query[: token.start], query[token.start :], [*names, WHOLE])
    raise ValueError("a query without a select")


def files_judged() -> Iterator[tuple[str, Query]]:
    """Run all cases of all rules, and give each query file with what was reached in it."""
    from auditor.exports.catalog import load_catalog
    from auditor.policy import load_policy
    from auditor.rulebook.case_files import load_cases
    from auditor.rulebook.cases import CaseRoom
    from auditor.rulebook.check import parameters
    from auditor.rulebook.rules import load_rules
    from auditor.rulebook.shared_tables import load_shared_sql, tables_behind

    room, written = CaseRoom(load_catalog(), load_policy()), dict(load_shared_sql())
    shared = {name: cut(query) for name, query in written.items()}
    for rule in load_rules()[0]:
        own = cut(rule.query)
        behind = [shared[name] for name in tables_behind(rule.facts.inputs, written) if name in shared]
        for case in load_cases(rule):
            room.prepare(case, rule)
            own.look(room.con, parameters(rule.with_options(case.options), case.as_of))
            for query in behind:
                query.look(room.con, {"as_of": case.as_of})
        yield f"{rule.rule_id}/rule.sql", own
    for name, query in shared.items():
        yield f"shared/{name}.sql", query


def main() -> int:
    """Print the table, and write it when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table to this Markdown file")
    options = parser.parse_args()
    found = sorted(files_judged(), key=lambda entry: entry[0])
    text = HEAD
    for file, query in found:
        parts = len(query.reached) + len(query.waiting)
        never = ", ".join(f"`{part}`" for part in query.waiting)
        text += f"| `{file}` | {parts} | {len(query.reached)} | {never} |\n"
    reached, never_reached = (sum(len(getattr(q, name)) for _, q in found) for name in ("reached", "waiting"))
    text += f"| **all** | {reached + never_reached} | {reached} | |\n"
    print(text)
    if options.out:
        options.out.write_text(text, encoding="utf-8")
    return 1 if never_reached else 0


if __name__ == "__main__":
    sys.exit(main())
