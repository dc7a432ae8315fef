"""Do the cases of the rules notice a fault? Plants one at a time in the SQL and runs the cases until one fails.

    python benchmarks/mutants.py [--rule NAME]... [--by RULE]... [--line N]... [--jobs 2] [--out benchmarks/mutants.md]

A fault that no case notices survives: a case is missing, or the fault changes nothing, and mutants.toml says why.
Exit 1 when a survivor has no reason there. While cases are written, --by judges by the rules that speak most of a
shared table, and --line only the faults of some lines; what is written down is judged whole, by all.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from mutations import Mutant, mutants_of

if TYPE_CHECKING:
    import duckdb

    from auditor.exports.catalog import Catalog
    from auditor.policy import Policy
    from auditor.rulebook.case_files import Case
    from auditor.rulebook.cases import CaseRoom
    from auditor.rulebook.rules import Rule

RULES = Path(__file__).resolve().parent.parent / "rules"
REASONS = Path(__file__).with_suffix(".toml")
NOT_JUDGED_BY_CASES = {"evidence_rows"}

Name = tuple[str, str, str]


def rows_of(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The rows of a table as text; their order means nothing."""
    return sorted(map(repr, con.execute(f"from {table}").fetchall()))


def table_of(file: str) -> str:
    """The shared table that a query file makes."""
    return file.split("/")[1].removesuffix(".sql")


def new_room() -> CaseRoom:
    """An empty database for cases."""
    from auditor.rulebook.cases import CaseRoom

    return CaseRoom(*catalog_and_policy())


@cache
def catalog_and_policy() -> tuple[Catalog, Policy]:
    """Both as they are packaged, read once."""
    from auditor.exports.catalog import load_catalog
    from auditor.policy import load_policy

    return load_catalog(), load_policy()


class Prover:
    """All cases of all rules, ready to be run against mutated queries.

    Each case has a database of its own, filled and built once. A fault in a shared table is planted there in a
    transaction, so that only the tables made after it are made again, and then taken back.
    """

    def __init__(self, judges: Collection[str] = ()) -> None:
        from auditor.rulebook.case_files import load_cases
        from auditor.rulebook.rules import load_rules
        from auditor.rulebook.shared_tables import load_shared_sql

        self.rules = {rule.rule_id: rule for rule in load_rules()[0]}
        self.cases = {name: load_cases(rule) for name, rule in self.rules.items()}
        self.shared = dict(load_shared_sql())
        self.rooms: dict[tuple[str, str], CaseRoom] = {}
        self.noticed: Counter[tuple[str, int, str]] = Counter()
        self.judges = judges
        self.users: dict[str, list[str]] = {}
        self.made: dict[tuple[str, str, str], list[str]] = {}

    def failing(self, files: Collection[str]) -> list[str]:
        """The cases of these query files that fail without any fault; there must be none."""
        names = {name for file in files for name in self._judging(file)}
        return [
            f"{name}: {case.name}"
            for name in sorted(names)
            for case in self.cases[name]
            if self._room(name, case).compare(case, self.rules[name])
        ]

    def killed_by(self, mutant: Mutant) -> str | None:
        """The first case that notices the fault, or None."""
        cases = [(name, case) for name in self._judging(mutant.file) for case in self.cases[name]]
        for name, case in sorted(cases, key=lambda item: self._promise(mutant, item[1]), reverse=True):
            if self._notices(mutant, name, case):
                self.noticed[mutant.file, mutant.line, case.name] += 1
                self.noticed[mutant.file, 0, case.name] += 1
                return f"{name}: {case.name}"
        return None

    def _promise(self, mutant: Mutant, case: Case) -> tuple[int, int, int]:
        """How many faults of this line, and of this file, a case has noticed so far; and how many rows it has."""
        of_line, of_file = (self.noticed[mutant.file, line, case.name] for line in (mutant.line, 0))
        return of_line, of_file, sum(map(len, case.tables.values()))

    def _notices(self, mutant: Mutant, name: str, case: Case) -> bool:
        import duckdb

        from auditor.model import AuditError

        room, rule = self._room(name, case), self.rules[name]
        room.con.execute("begin")
        try:
            if not mutant.file.startswith("shared/"):
                faulty = replace(rule, query=mutant.query)
                return self._concludes_other(faulty, case) and bool(room.compare(case, faulty))
            return self._makes_another(mutant, name, case) and bool(room.compare(case, rule))
        except (duckdb.Error, AuditError, TypeError, ValueError, KeyError):
            return True
        finally:
            room.con.execute("rollback")

    def _concludes_other(self, faulty: Rule, case: Case) -> bool:
        """Whether a faulty rule gives other candidates than the rule itself; if not, the case cannot notice."""
        from auditor.rulebook.candidates import run_rule

        con, key = self._room(faulty.rule_id, case).con, ("", faulty.rule_id, case.name)
        rule, faulty = (each.with_options(case.options) for each in (self.rules[faulty.rule_id], faulty))
        if key not in self.made:
            self.made[key] = list(map(repr, run_rule(con, rule, case.as_of)))
        return list(map(repr, run_rule(con, faulty, case.as_of))) != self.made[key]

    def _makes_another(self, mutant: Mutant, name: str, case: Case) -> bool:
        """Plant a fault in a shared table and build what follows; False when it makes the very same rows."""
        from auditor.rulebook.shared_tables import tables_behind

        room, table = self._room(name, case), table_of(mutant.file)
        key = (table, name, case.name)
        if key not in self.made:
            self.made[key] = rows_of(room.con, table)
        dated = mutant.query.replace("$as_of", f"date '{case.as_of}'")
        room.con.execute(f"create or replace table {table} as {dated}")
        if rows_of(room.con, table) == self.made[key]:
            return False
        order = tables_behind(self.rules[name].facts.inputs, self.shared)
        made_already = [other for other in order[: order.index(table) + 1] if other in self.shared]
        room.shared = self.shared | {other: f"select * from {other}" for other in made_already}
        room.build(case, self.rules[name])
        return True

    def _room(self, name: str, case: Case) -> CaseRoom:
        """A database that holds the tables of one case, made without any fault: about 7 MB each."""
        if (name, case.name) not in self.rooms:
            room = new_room()
            room.prepare(case, self.rules[name])
            self.rooms[name, case.name] = room
        return self.rooms[name, case.name]

    def _judging(self, file: str) -> list[str]:
        """The rules whose cases judge this query file: its own, or those that build this shared table."""
        if file not in self.users:
            folder, table = file.split("/", maxsplit=1)[0], table_of(file)
            self.users[file] = [
                name
                for name in self.rules
                if (name == folder or (folder == "shared" and self._reads(name, table)))
                and (not self.judges or name in self.judges)
            ]
        return self.users[file]

    def _reads(self, name: str, table: str) -> bool:
        """Whether a rule reads a shared table, or one that is made of it."""
        from auditor.rulebook.shared_tables import tables_behind

        return table in tables_behind(self.rules[name].facts.inputs, self.shared)


@cache
def prover(judges: tuple[str, ...] = ()) -> Prover:
    """The one prover of this process."""
    return Prover(judges)


def judged(judges: tuple[str, ...], mutant: Mutant) -> tuple[Mutant, str | None]:
    """A mutant with the case that kills it (None: it survives)."""
    return mutant, prover(judges).killed_by(mutant)


def planted(only: Sequence[str]) -> list[Mutant]:
    """All mutants of the rules, or of the rules and shared tables named."""
    files = [f for f in sorted(RULES.glob("*/*.sql")) if f.stem not in NOT_JUDGED_BY_CASES]
    wanted = [f for f in files if not only or f.parent.name in only or f.stem in only]
    return [mutant for f in wanted for mutant in mutants_of(f"{f.parent.name}/{f.name}", f.read_text(encoding="utf-8"))]


def reasons() -> dict[Name, str]:
    """Why a survivor changes nothing, by file, line of code and change."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8")).get("survivor", []) if REASONS.is_file() else []
    return {(e["file"], e["code"], change): e["why"] for e in entries for change in e["changes"]}


@dataclass
class Count:
    """Mutants of one file."""

    killed: int = 0
    explained: int = 0
    unexplained: int = 0

    def cells(self) -> list[int]:
        """All mutants, and what became of them."""
        return [self.killed + self.explained + self.unexplained, self.killed, self.explained, self.unexplained]


HEAD = """# Mutants

Faults planted one at a time in the SQL of the rules. A fault is killed when a case of a rule fails; those that change
nothing are explained in `mutants.toml`.

| file | mutants | killed | change nothing | survive |
|---|---:|---:|---:|---:|
"""


def write_table(path: Path, counts: Mapping[str, Count]) -> None:
    """Write the results as Markdown; the row of a file that was not judged this time stays as it was."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    known = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    rows = {file: [int(cell) for cell in cells] for file, *cells in known if (RULES / file).is_file()}
    rows |= {file: count.cells() for file, count in counts.items()}
    total = [sum(cells) for cells in zip(*rows.values(), strict=True)]
    shown = [(f"`{file}`", cells) for file, cells in sorted(rows.items())] + [("**all**", total)]
    text = "".join(f"| {name} | {' | '.join(map(str, cells))} |\n" for name, cells in shown)
    path.write_text(HEAD + text, encoding="utf-8")


def run(mutants: Sequence[Mutant], jobs: int, judges: tuple[str, ...]) -> Iterator[tuple[Mutant, str | None]]:
    """Judge all mutants, in several processes when asked."""
    if jobs < 2:
        yield from map(partial(judged, judges), mutants)
        return
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(partial(judged, judges), mutants, chunksize=8)


def main() -> int:
    """Print every survivor and a line per file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rule", action="append", default=[], metavar="NAME", help="A rule or shared table.")
    parser.add_argument("--by", action="append", default=[], metavar="RULE", help="Judge by this rule's cases only.")
    parser.add_argument("--line", action="append", default=[], type=int, metavar="N", help="Only faults of this line.")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, help="write the table to this Markdown file")
    options = parser.parse_args()
    if options.out and (options.by or options.line):
        parser.error("--out writes down what was judged whole: leave --by and --line out.")
    judges = tuple(options.by)
    mutants = [mutant for mutant in planted(options.rule) if not options.line or mutant.line in options.line]
    known = reasons()
    if not mutants:
        print(f"Nothing is called {', '.join(options.rule)}.")
        return 1
    if failing := prover(judges).failing({mutant.file for mutant in mutants}):
        print("These cases fail without any fault:", *failing, sep="\n  ")
        return 1
    counts: dict[str, Count] = defaultdict(Count)
    waiting = Counter(mutant.file for mutant in mutants)
    for mutant, killer in run(mutants, options.jobs, judges):
        count = counts[mutant.file]
        if killer:
            count.killed += 1
        elif mutant.name in known:
            count.explained += 1
        else:
            count.unexplained += 1
            print(f"survives: rules/{mutant.file}:{mutant.line}: {mutant.change}", flush=True)
        waiting[mutant.file] -= 1
        if not waiting[mutant.file]:
            print(
                f"{mutant.file}: {count.killed} killed, {count.explained} change nothing, {count.unexplained} survive",
                flush=True,
            )
            if options.out:
                write_table(options.out, {mutant.file: count})
    stale = known.keys() - {mutant.name for mutant in planted([])}
    for file, code, change in sorted(stale):
        print(f"mutants.toml explains what is no longer there: {file}: {change} in {code}")
    return 1 if stale or any(count.unexplained for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
