"""Do the cases of the rules notice a fault? Plants one at a time in the SQL and runs the cases until one fails.

    python benchmarks/mutants.py [--rule NAME]... [--jobs 2]

A fault that no case notices survives: a case is missing, or the fault changes nothing, and mutants.toml says why.
Exit 1 when a survivor has no reason there.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from mutations import Mutant, mutants_of

if TYPE_CHECKING:
    from auditor.exports.catalog import Catalog
    from auditor.policy import Policy
    from auditor.rulebook.cases import Case, CaseRoom

RULES = Path(__file__).resolve().parent.parent / "rules"
REASONS = Path(__file__).with_suffix(".toml")
NOT_JUDGED_BY_CASES = {"evidence_rows"}

Name = tuple[str, str, str]


class Used(dict[str, str]):
    """Shared queries, and which of them were asked for."""

    def __init__(self, queries: dict[str, str]) -> None:
        super().__init__(queries)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return super().__getitem__(name)


def makes_another(room: CaseRoom, table: str, query: str, case: Case) -> bool:
    """Whether a mutated query makes another table than the one that is there; if not, no case can notice it."""
    dated = query.replace("$as_of", f"date '{case.as_of}'")
    room.con.execute(f"create or replace temp table mutated as {dated}")
    differing = room.con.execute(
        f"""select 1 from (
              (from mutated except all from {table}) union all (from {table} except all from mutated)) as differing
            limit 1"""
    )
    return differing.fetchone() is not None


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
    """All cases of all rules, ready to be run against mutated queries; those that noticed most faults go first."""

    def __init__(self) -> None:
        from auditor.rulebook.cases import load_cases
        from auditor.rulebook.lots import load_shared_sql
        from auditor.rulebook.rules import load_rules

        self.rules = {rule.rule_id: rule for rule in load_rules()[0]}
        self.cases = {name: load_cases(rule) for name, rule in self.rules.items()}
        self.shared = load_shared_sql()
        self.room = new_room()
        self.prepared: dict[tuple[str, str], CaseRoom] = {}
        self.noticed: Counter[tuple[str, str]] = Counter()

    def failing(self) -> list[str]:
        """The cases that fail without any fault; there must be none."""
        return [
            f"{name}: {case.name}"
            for name, rule in self.rules.items()
            for case in self.cases[name]
            if self.room.mismatches(case, rule)
        ]

    def killed_by(self, mutant: Mutant) -> str | None:
        """The first case that notices the fault, or None."""
        folder, file = mutant.file.split("/")
        table = file.removesuffix(".sql")
        names = self._using(table) if folder == "shared" else [folder]
        cases = [(name, case) for name in names for case in self.cases[name]]
        for name, case in sorted(cases, key=lambda item: -self.noticed[mutant.file, item[1].name]):
            if self._notices(mutant, folder, table, name, case):
                self.noticed[mutant.file, case.name] += 1
                return f"{name}: {case.name}"
        return None

    def _notices(self, mutant: Mutant, folder: str, table: str, name: str, case: Case) -> bool:
        import duckdb

        from auditor.model import AuditError

        rule = self.rules[name]
        try:
            prepared = self._prepared_room(name, case)
            if folder != "shared":
                return bool(prepared.compare(case, replace(rule, query=mutant.query)))
            if not makes_another(prepared, table, mutant.query, case):
                return False
            self.room.shared = {**self.shared, table: mutant.query}
            return bool(self.room.mismatches(case, rule))
        except (duckdb.Error, AuditError, TypeError, ValueError, KeyError):
            return True

    def _prepared_room(self, name: str, case: Case) -> CaseRoom:
        """A database that holds the tables of one case, made without any fault: about 7 MB each."""
        if (name, case.name) not in self.prepared:
            room = new_room()
            room.prepare(case, self.rules[name])
            self.prepared[name, case.name] = room
        return self.prepared[name, case.name]

    def _using(self, table: str) -> list[str]:
        """The rules whose cases build this shared table."""
        users = []
        for name, rule in self.rules.items():
            self.room.shared = Used(self.shared)
            self.room.prepare(self.cases[name][0], rule)
            if table in self.room.shared.asked:
                users.append(name)
        return users


@cache
def prover() -> Prover:
    """The one prover of this process."""
    return Prover()


def judged(mutant: Mutant) -> tuple[Mutant, str | None]:
    """A mutant with the case that kills it (None: it survives)."""
    return mutant, prover().killed_by(mutant)


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


def run(mutants: Sequence[Mutant], jobs: int) -> Iterator[tuple[Mutant, str | None]]:
    """Judge all mutants, in several processes when asked."""
    if jobs < 2:
        yield from map(judged, mutants)
        return
    with get_context("spawn").Pool(jobs) as pool:
        yield from pool.imap_unordered(judged, mutants, chunksize=8)


def main() -> int:
    """Print every survivor and a line per file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rule", action="append", default=[], metavar="NAME", help="A rule or shared table.")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if failing := prover().failing():
        print("These cases fail without any fault:", *failing, sep="\n  ")
        return 1
    mutants, known = planted(options.rule), reasons()
    if not mutants:
        print(f"Nothing is called {', '.join(options.rule)}.")
        return 1
    counts: dict[str, Count] = defaultdict(Count)
    for mutant, killer in run(mutants, options.jobs):
        count = counts[mutant.file]
        if killer:
            count.killed += 1
        elif mutant.name in known:
            count.explained += 1
        else:
            count.unexplained += 1
            print(f"survives: rules/{mutant.file}:{mutant.line}: {mutant.change}", flush=True)
    for file, count in sorted(counts.items()):
        print(f"{file}: {count.killed} killed, {count.explained} change nothing, {count.unexplained} survive")
    stale = known.keys() - {mutant.name for mutant in planted([])}
    for file, code, change in sorted(stale):
        print(f"mutants.toml explains what is no longer there: {file}: {change} in {code}")
    return 1 if stale or any(count.unexplained for count in counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
