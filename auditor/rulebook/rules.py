"""Loading rules: a folder with rule.sql, claim.toml and cases.toml each.

A folder given by the user adds rules or replaces one of the same id. A rule that breaks names itself and its
file; the others still run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from auditor.model import AuditError, Problem
from auditor.rulebook.sqltext import split_front_matter
from auditor.store.coverage import QUIET_DAYS, Coverage, part_of

NOT_RULES = {"policy", "shared"}

DateColumn = Literal["event_date", "anchor_date", "covers_from"]


class Requires(BaseModel):
    """An export whose missing rows a rule concludes from: which days it must cover, and what happens without.

    `quiet_days` without a row at either end are no gap; a report with few rows needs more of them than a week.
    `to` is the as-of date, the deadline (or the as-of date when that is earlier) or the event date. `part` names the
    one kind of rows that counts, where a report of that kind alone will do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    table: str
    part: str = ""
    first: DateColumn | None = None
    to: Literal["as_of", "deadline", "event_date"]
    quiet_days: int = QUIET_DAYS
    without: Literal["no_finding", "review"]

    def covered(self, coverage: Mapping[str, Coverage]) -> Coverage:
        """The days that count for this need: those of its part where an export of that part alone was read."""
        return coverage.get(part_of(self.table, self.part), coverage[self.table])


class RuleFacts(BaseModel):
    """The front matter of rule.sql: what a person and the engine must know beside the query.

    `reads` are the exports (by table) without which the rule has nothing to say; `inputs` the tables of its query.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    what: str
    why: str
    leaves_out: tuple[str, ...]
    source: str
    window: str | None = None
    basis: Literal["cost", "order", "none"]
    payment_family: str = "other"
    auto_payment_days: int = 0
    reads: tuple[str, ...] = ()
    inputs: tuple[str, ...]
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    requires: tuple[Requires, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, ready to run. `version` is a hash of its query file; `built_in` is False for a user's rule."""

    rule_id: str
    facts: RuleFacts
    query: str
    version: str
    folder: Traversable | Path
    built_in: bool

    @property
    def file(self) -> str:
        """The query file as a person would name it."""
        return f"{self.rule_id}/rule.sql"


def load_rules(folders: Sequence[Path] = ()) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The packaged rules, then those of `folders`, later ones replacing earlier ones; sorted by id.

    Rules that cannot be read are left out and returned as problems.
    """
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    sources: list[tuple[Traversable | Path, bool]] = [(files("auditor.rules"), True)]
    sources += [(folder, False) for folder in folders]
    for source, built_in in sources:
        for folder in rule_folders(source):
            try:
                rules[folder.name] = load_rule(folder, built_in=built_in)
            except AuditError as error:
                problems.extend(error.problems)
    return tuple(rules[name] for name in sorted(rules)), tuple(problems)


def rule_folders(source: Traversable | Path) -> Iterable[Traversable | Path]:
    """The rule folders of `source`: those that hold a rule.sql; `source` itself when it is one."""
    if not source.is_dir():
        raise AuditError(Problem(f"the rules folder {source} does not exist.", "Check the path given with --rules."))
    if (source / "rule.sql").is_file():
        return [source]
    return sorted(
        (f for f in source.iterdir() if f.is_dir() and f.name not in NOT_RULES and (f / "rule.sql").is_file()),
        key=lambda f: f.name,
    )


def load_rule(folder: Traversable | Path, *, built_in: bool) -> Rule:
    """Read one rule folder.

    Raises AuditError naming file and key when the front matter is incomplete or has unknown keys.
    """
    name = f"{folder.name}/rule.sql"
    text = (folder / "rule.sql").read_text(encoding="utf-8").replace("\r\n", "\n")
    front, query = split_front_matter(text, name)
    front = {**front, "requires": [_renamed(need) for need in front.get("requires", [])]}
    try:
        facts = RuleFacts.model_validate(front)
    except ValidationError as error:
        raise AuditError(
            *(Problem(f"{'.'.join(map(str, e['loc']))}: {e['msg']}", file=name) for e in error.errors())
        ) from error
    return Rule(folder.name, facts, query, hashlib.sha256(text.encode()).hexdigest()[:12], folder, built_in)


def _renamed(need: dict[str, object]) -> dict[str, object]:
    """`from` is a Python keyword, so the model calls it `first`."""
    return {("first" if key == "from" else key): value for key, value in need.items()}
