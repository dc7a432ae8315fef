"""One unit, one claim: where several rules claim units of the same row, rules/precedence.toml says whose they are."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from auditor.model import Confidence, Finding, NotClaimed
from auditor.policy import Deadline
from auditor.rulebook.candidates import ELSEWHERE, Candidate
from auditor.rulebook.rules import Rule
from auditor.rulebook.value import Value


@dataclass(frozen=True, slots=True)
class Claim:
    """A candidate that is to become a finding, with everything that was concluded about it."""

    rule: Rule
    candidate: Candidate
    marketplace: str
    deadline: Deadline | None
    value: Value
    confidence: Confidence
    reasons: Sequence[str]
    status: str

    @property
    def claimed_rows(self) -> Iterator[tuple[int, int]]:
        """The rows whose units the claim is about, with how many of each: those that its rule adds up."""
        for proof in self.candidate.evidence:
            if proof["role"] in self.rule.facts.plus and (proof["units"] or 0) > 0:
                yield proof["row_id"], proof["units"]


@dataclass(frozen=True, slots=True)
class Reduced:
    """A claim that gives up `units` of a row to the rule that takes precedence; nothing may be left of it."""

    claim: Claim
    units: int
    to_rule: str


def load_precedence() -> tuple[str, ...]:
    """Rules in the order in which they may claim units of one row."""
    text = (files("auditor.rules") / "precedence.toml").read_text(encoding="utf-8")
    return tuple(entry["rule"] for entry in tomllib.loads(text)["claims_first"])


def attribute(claims: Iterable[Claim], precedence: Sequence[str]) -> tuple[list[Claim], list[Reduced]]:
    """Give each unit of a row to one rule: the others claim so many units less, in the order of the claims given.

    Claims that can still be filed come before expired ones, then `precedence` decides, then the rule's name. Claims of
    one rule never compete: it gives each of its units once.
    """
    rank = {rule: place for place, rule in enumerate(precedence)}
    listed = list(claims)
    order = sorted(
        range(len(listed)),
        key=lambda i: (
            listed[i].status == "expired",
            rank.get(listed[i].rule.rule_id, len(rank)),
            listed[i].rule.rule_id,
            i,
        ),
    )
    taken: dict[int, dict[str, int]] = defaultdict(dict)
    kept: dict[int, Claim] = {}
    reduced: list[Reduced] = []
    for place in order:
        claim = listed[place]
        given_up = _taken_by_others(claim, taken)
        units = claim.candidate.units - sum(count for _, count, _ in given_up)
        reduced += [Reduced(claim, count, rule) for _, count, rule in given_up]
        if given_up:
            claim = replace(claim, candidate=_without(claim.candidate, units, given_up))
        if units > 0:
            kept[place] = claim
            _take(claim, units, taken)
    return [kept[place] for place in sorted(kept)], reduced


def _taken_by_others(claim: Claim, taken: Mapping[int, Mapping[str, int]]) -> list[tuple[int, int, str]]:
    """(row, units, rule) for the units of the claim's rows that other rules claim, at most the claim's own units."""
    left = claim.candidate.units
    found = []
    for row_id, units in claim.claimed_rows:
        for rule, count in sorted(taken.get(row_id, {}).items()):
            lost = min(count, units, left)
            if rule != claim.rule.rule_id and lost > 0:
                found.append((row_id, lost, rule))
                left -= lost
    return found


def _take(claim: Claim, units: int, taken: dict[int, dict[str, int]]) -> None:
    rule = claim.rule.rule_id
    for row_id, of_row in claim.claimed_rows:
        count = min(units, of_row)
        taken[row_id][rule] = taken[row_id].get(rule, 0) + count
        units -= count


def _without(candidate: Candidate, units: int, given_up: Iterable[tuple[int, int, str]]) -> Candidate:
    by_row: dict[int, int] = defaultdict(int)
    for row_id, count, _ in given_up:
        by_row[row_id] += count
    rows: list[Mapping[str, Any]] = [
        {"role": ELSEWHERE, "row_id": row_id, "units": count} for row_id, count in by_row.items()
    ]
    return replace(candidate, units=units, evidence=[*candidate.evidence, *rows])


def told(reduced: Reduced, findings: Sequence[Finding]) -> NotClaimed:
    """What not_claimed.csv says of units that another rule's finding claims."""
    candidate = reduced.claim.candidate
    titles = {finding.summary.split(":")[0] for finding in findings if finding.rule == reduced.to_rule}
    title = f" ({titles.pop()})" if len(titles) == 1 else ""
    return NotClaimed(
        rule=reduced.claim.rule.rule_id,
        marketplace=reduced.claim.marketplace,
        fnsku=candidate.fnsku or "",
        msku=candidate.msku or "",
        reference_id=candidate.reference_id or "",
        units=reduced.units,
        reason=ELSEWHERE,
        event_date=candidate.event_date,
        explanation=f"{reduced.units} of these units are claimed under {reduced.to_rule}{title}",
    )
