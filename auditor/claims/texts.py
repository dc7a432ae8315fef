"""Reading claim.toml: where a claim is filed, which documents it needs, and its words in each language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from auditor.claims.wording import ENGLISH, ONE_LANGUAGE, Strict, Wording, bad_names, wording_faults
from auditor.model import AuditError, Problem, WrongUsage
from auditor.rulebook.check import TODO
from auditor.rulebook.rules import Rule
from auditor.rulebook.sqltext import split_front_matter
from auditor.rulebook.toml_faults import toml_faults
from auditor.toml_lines import TomlLines

FINDING_FACTS = frozenset(
    {"fnsku", "msku", "asin", "reference_id", "order_id", "event_date", "open", "payments_to"}
    | {"evidence_rows", "further_rows"}
)
VALUE_FACTS = frozenset({"amount", "value_cost", "value_last_payment", "value_order", "value_cap"})


class Documents(Strict):
    """What Amazon asks for, by kind of seller: who makes, who resells, who buys in shops (arbitrage)."""

    manufacturer: tuple[str, ...]
    reseller: tuple[str, ...]
    arbitrage: tuple[str, ...]


class Filing(Strict):
    """For the person who files, in English: page and field in Seller Central, keys to give, public sources."""

    page: str
    field: str
    sources: tuple[str, ...] = Field(min_length=1)
    keys: tuple[str, ...] = Field(min_length=1)
    documents: Documents


class Words(Wording):
    """The claim in one language: `evidence` says what a row of each role proves, `row` how its place is named."""

    row: str
    evidence: Mapping[str, str]


class _File(Strict):
    filing: Filing
    languages: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class ClaimTexts:
    """Everything that a rule's drafts say. `plus` and `minus` are the roles that its rule.sql adds and subtracts."""

    rule: str
    title: str
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    filing: Filing
    languages: Mapping[str, Words]

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role that these texts know, those that count first; languages list the same ones."""
        return tuple(dict.fromkeys((*self.plus, *self.minus, *self.languages[ENGLISH].evidence)))


def role_facts(role: str) -> tuple[str, str, str, str, str, str]:
    """What is known of one role's evidence: units, first day, buildings, money, orders and keys (tracking numbers)."""
    return role, f"{role}_first", f"{role}_at", f"{role}_amount", f"{role}_order", f"{role}_keys"


def load_claim_texts(rule_folder: Traversable | Path) -> ClaimTexts:
    """Read and check claim.toml of a rule folder, together with the roles that its rule.sql counts.

    Raises WrongUsage with every problem by file and key: missing or unknown keys, a language that states other facts
    than English, unknown placeholders, facts that may be missing outside of an optional sentence.
    """
    name = f"{rule_folder.name}/claim.toml"
    text, table = _read_toml(rule_folder / "claim.toml", name)
    front, _ = split_front_matter(
        (rule_folder / "rule.sql").read_text(encoding="utf-8").replace("\r\n", "\n"), f"{rule_folder.name}/rule.sql"
    )
    texts = _parse(table, text, front, rule_folder.name, name)
    lines = TomlLines(text)
    keys = ((what, what.partition(": ")[0].split(".")) for what in _faults(texts))
    problems = [Problem(what, _REMEDY, name, lines.line(*key)) for what, key in keys]
    if problems:
        raise WrongUsage(*problems)
    return texts


def texts_by_rule(rules: Iterable[Rule]) -> tuple[dict[str, ClaimTexts], list[Problem]]:
    """The claim texts by rule; a rule without good texts still finds, but drafts nothing. An exposure needs none."""
    texts: dict[str, ClaimTexts] = {}
    problems: list[Problem] = []
    for rule in (rule for rule in rules if rule.facts.kind == "claim"):
        try:
            texts[rule.rule_id] = _packaged(rule.rule_id) if rule.built_in else load_claim_texts(rule.folder)
        except AuditError as error:
            problems += error.problems
    return texts, problems


@cache
def _packaged(rule_id: str) -> ClaimTexts:
    """The texts of a rule that comes with the tool; one process that audits many accounts reads them once."""
    return load_claim_texts(files("auditor.rules") / rule_id)


_REMEDY = "Mend the claim text."


def _read_toml(path: Traversable | Path, name: str) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except FileNotFoundError as error:
        raise WrongUsage(Problem("the rule has no claim text.", "Add the file.", file=name)) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else None
        raise WrongUsage(Problem(f"this is no TOML: {error}.", _REMEDY, file=name, line=line)) from error


def _parse(table: dict[str, Any], text: str, front: Mapping[str, Any], rule: str, name: str) -> ClaimTexts:
    missing = [f"{key}: is missing." for key in ("filing", ENGLISH) if key not in table]
    if missing:
        raise WrongUsage(*(Problem(what, _REMEDY, file=name) for what in missing))
    try:
        read = _File.model_validate(
            {"filing": table["filing"], "languages": {key: part for key, part in table.items() if key != "filing"}}
        )
    except ValidationError as error:
        faults = toml_faults(error, text, name, (_File, Filing, Documents, Words), unsaid=("languages",))
        raise WrongUsage(*faults) from error
    plus, minus = tuple(front.get("plus", ())), tuple(front.get("minus", ()))
    return ClaimTexts(rule, str(front.get("title", rule)), plus, minus, read.filing, read.languages)


def _faults(texts: ClaimTexts) -> Iterator[str]:
    facts = FINDING_FACTS | VALUE_FACTS | {fact for role in texts.roles for fact in role_facts(role)}
    certain = {"open", *texts.plus, *texts.minus}
    for place, text in _said(texts):
        if TODO.search(text):
            yield f"{place}: it still says TODO."
    for number, key in enumerate(texts.filing.keys, start=1):
        yield from bad_names(f"filing.keys, number {number}", key, facts)
    sometimes = {f"{{{role}}} may be unknown" for role in texts.roles if role not in certain}
    for fault in wording_faults(texts.languages, facts, certain):
        told = any(each in fault for each in sometimes)
        yield f"{fault} Only the units of roles in `plus` and `minus` are always known." if told else fault
    for language, words in texts.languages.items():
        yield from bad_names(f"{language}.row", words.row, {"line"})
        yield from _roles_without_words(language, words, texts)


def _said(texts: ClaimTexts) -> Iterator[tuple[str, str]]:
    yield from (("filing.page", texts.filing.page), ("filing.field", texts.filing.field))
    for language, words in texts.languages.items():
        yield from ((f"{language}.subject", words.subject), (f"{language}.body", words.body))
        yield from ((f"{language}.optional.{key}", text) for key, text in words.optional.items())


def _roles_without_words(language: str, words: Words, texts: ClaimTexts) -> Iterator[str]:
    for role in texts.roles:
        if role not in words.evidence:
            yield f"{language}.evidence.{role}: says nothing about rows of this role."
    for role in sorted(words.evidence.keys() - set(texts.roles)):
        yield f"{language}.evidence.{role}: {ONE_LANGUAGE}"
    for role, text in words.evidence.items():
        yield from bad_names(f"{language}.evidence.{role}", text, frozenset())
