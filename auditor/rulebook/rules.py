"""Loading rules: a folder with rule.sql, claim.toml and cases.toml each.

A folder given by the user adds rules or replaces one of the same id. A rule that breaks names itself and its
file; the others still run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from auditor.model import AuditError, Problem, WrongSetting, WrongUsage
from auditor.rulebook.sqltext import split_front_matter
from auditor.rulebook.toml_faults import toml_faults
from auditor.store.coverage import QUIET_DAYS, Coverage, part_of

NOT_RULES = {"policy", "replies", "shared", "template"}

DateColumn = Literal["event_date", "anchor_date", "covers_from"]
Option = int | Decimal | str


def _as_list(tables: object) -> object:
    return [tables] if isinstance(tables, str) else tables


#: Tables of which one is enough, because they state the same rows: settlements or transaction reports.
OneOf = Annotated[tuple[str, ...], BeforeValidator(_as_list), Field(min_length=1)]


class Requires(BaseModel):
    """An export whose missing rows a rule concludes from: which days it must cover, and what happens without.

    `quiet_days` without a row at either end are no gap; a report with few rows needs more of them than a week.
    `to` is the as-of date, the deadline (or the as-of date when that is earlier) or the event date, so many `days`
    later. `part` names the one kind of rows that counts, where a report of that kind alone will do.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    table: str
    part: str = ""
    first: DateColumn | None = None
    to: Literal["as_of", "deadline", "event_date"]
    days: int = 0
    quiet_days: int = QUIET_DAYS
    without: Literal["no_finding", "review"]

    def covered(self, coverage: Mapping[str, Coverage]) -> Coverage:
        """The days that count for this need: those of its part where an export of that part alone was read."""
        return coverage.get(part_of(self.table, self.part), coverage[self.table])


class RuleFacts(BaseModel):
    """The front matter of rule.sql: what a person and the engine must know beside the query.

    `reads` are the exports (by table) without which the rule has nothing to say; a list among them names tables of
    which one is enough, the one to ask for first. `inputs` are the tables of its query.
    `basis` says where the value comes from: cost, order, `stated` (the query gives value and units, and `value_basis`
    names what they are) or none. `plus` and `minus` are the roles whose units make the claim's sum; a rule about money
    has none, and its query explains each claim in words. Findings of kind `exposure` are money that Amazon may take
    back: nothing is claimed. `options` are parameters of the query that a user may set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    what: str
    why: str
    leaves_out: tuple[str, ...]
    source: str
    kind: Literal["claim", "exposure"] = "claim"
    window: str | None = None
    basis: Literal["cost", "order", "stated", "none"]
    value_basis: str = ""
    payment_family: str = "other"
    auto_payment_days: int = 0
    reads: tuple[OneOf, ...] = ()
    inputs: tuple[str, ...]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    options: Mapping[str, Option] = {}
    requires: tuple[Requires, ...] = ()

    @model_validator(mode="after")
    def _names_its_value(self) -> RuleFacts:
        if (self.basis == "stated") != bool(self.value_basis):
            raise ValueError("value_basis: a rule with the basis `stated` names it, and no other rule")
        return self

    @property
    def tables(self) -> frozenset[str]:
        """Every table of an export that the rule reads or concludes from."""
        return frozenset(table for one_of in self.reads for table in one_of) | {need.table for need in self.requires}


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

    @property
    def counts_units(self) -> bool:
        """Whether its claims are sums of units; otherwise they are about money, and explained in words."""
        return bool(self.facts.plus)

    def with_options(self, settings: Mapping[str, object]) -> Rule:
        """The rule with other values for its options.

        Raises WrongSetting for an option that it does not have, or a value of another kind.
        """
        options = dict(self.facts.options)
        for name, value in settings.items():
            if name not in options:
                known = ", ".join(options) or "none"
                problem = Problem(f"the rule {self.rule_id} has no option {name}.", f"It has: {known}.")
                raise WrongSetting(problem, "rule", self.rule_id, name)
            options[name] = _like(options[name], value, self.rule_id, name)
        return replace(self, facts=self.facts.model_copy(update={"options": options}))


def _like(default: Option, value: object, rule: str, name: str) -> Option:
    """The value as the kind that the default is of."""
    if isinstance(default, str) and isinstance(value, str):
        return value
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    below = number and not isinstance(default, str) and Decimal(str(value)) < min(default, 0)
    if isinstance(default, int) and isinstance(value, int) and number and not below:
        return value
    if isinstance(default, Decimal) and number and not below:
        return Decimal(str(value))
    kind = {int: "a whole number", Decimal: "a number", str: "a text"}[type(default)]
    kind += " of 0 or more" if below else ""
    given = repr(value) if isinstance(value, str) else value
    problem = Problem(f"the option {rule}.{name} is {kind}, not {given}.", f"Its default is {default}.")
    raise WrongSetting(problem, "rule", rule, name)


def load_rules(
    folders: Sequence[Path] = (), settings: Mapping[str, Mapping[str, object]] | None = None
) -> tuple[tuple[Rule, ...], tuple[Problem, ...]]:
    """The packaged rules, then those of `folders`, later ones replacing earlier ones; sorted by id.

    Rules that cannot be read are left out and returned as problems. `settings` switches rules off (`off = true`) or
    sets their options, by rule. Raises WrongSetting for one that no rule has.
    """
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    sources: list[tuple[Traversable | Path, bool]] = [(files("auditor.rules"), True)]
    sources += [(folder, False) for folder in folders]
    for source, built_in in sources:
        found = list(rule_folders(source))
        if not found:
            problems.append(
                Problem("there is no rule in this folder.", "A rule is a folder with rule.sql.", str(source))
            )
        for folder in found:
            try:
                rules[folder.name] = load_rule(folder, built_in=built_in)
            except AuditError as error:
                problems.extend(error.problems)
    return tuple(_as_set(rules, settings or {})), tuple(problems)


def replacements(rules: Iterable[Rule]) -> list[Problem]:
    """A note for each rule that runs in the place of a packaged one."""
    packaged = {folder.name for folder in rule_folders(files("auditor.rules"))}
    what, remedy = "this rule runs instead of the one of the package.", "Rename its folder when that is not meant."
    return [Problem(what, remedy, file=rule.file) for rule in rules if rule.rule_id in packaged and not rule.built_in]


def switched_off(settings: Mapping[str, Mapping[str, object]]) -> list[Problem]:
    """A note for each rule that the settings switch off: what it would find is not looked for."""
    off = sorted(name for name, chosen in settings.items() if chosen.get("off") is True)
    return [Problem("this rule is switched off in the settings, so it finds nothing.", file=name) for name in off]


def _as_set(rules: Mapping[str, Rule], settings: Mapping[str, Mapping[str, object]]) -> Iterable[Rule]:
    if unknown := sorted(settings.keys() - rules.keys()):
        near = get_close_matches(unknown[0], rules, n=1)
        remedy = f"Did you mean {near[0]}?" if near else "See `audit rules list`; a rule of your own needs --rules."
        problem = Problem(f"settings name a rule that does not exist: {', '.join(unknown)}.", remedy)
        raise WrongSetting(problem, "rule", unknown[0])
    for name in sorted(rules):
        chosen = dict(settings.get(name, {}))
        off = chosen.pop("off", False)
        if not isinstance(off, bool):
            problem = Problem(f"off is true or false, not {off!r}.", "Write it without quotation marks.")
            raise WrongSetting(problem, "rule", name, "off")
        if not off:
            yield rules[name].with_options(chosen)


def rule_folders(source: Traversable | Path) -> Iterable[Traversable | Path]:
    """The rule folders of `source`: those that hold a rule.sql; `source` itself when it is one."""
    if not source.is_dir():
        raise WrongUsage(Problem(f"the rules folder {source} does not exist.", "Check the path given with --rules."))
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
        comment = text.removesuffix(query)
        raise AuditError(*toml_faults(error, comment, name, (RuleFacts, Requires), spelt=_SPELT)) from error
    return Rule(folder.name, facts, query, hashlib.sha256(text.encode()).hexdigest()[:12], folder, built_in)


#: How the file spells the names of the model: `from` is a keyword of Python.
_SPELT = {"first": "from"}


def _renamed(need: dict[str, object]) -> dict[str, object]:
    names = {spelt: name for name, spelt in _SPELT.items()}
    return {names.get(key, key): value for key, value in need.items()}
