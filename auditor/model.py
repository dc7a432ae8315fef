"""The words that every room shares: findings, evidence, drafts, problems and refusals.

Nothing here reads, judges or prints; the shapes follow the results folder that users rely on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Confidence = Literal["high", "review"]
Status = Literal["waiting", "open", "expired"]
Severity = Literal["left_out", "kept"]

#: Why units are not claimed, in the words of the rules: they are there again, or they are paid for.
FOUND = frozenset({"found_later", "corrected", "restocked", "returned", "received_elsewhere", "arrived"})
PAID = frozenset({"paid", "paid_in_inventory", "reconciled_by_amazon"})

_BUILDING_COLUMNS = frozenset({"fulfillment center", "ship to"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the result: one rule, one product, one reference, one deadline.

    `unit_value` and `amount` are in `currency` with its own digits; both are None when the value is
    unknown. `claim_from` to `claim_by` are both included; `safe_by` is two days before `claim_by`.
    `days_left` counts from the as-of date and is negative once expired.
    """

    finding_id: str
    account: str
    marketplace: str
    rule: str
    confidence: Confidence
    status: str
    fnsku: str
    msku: str
    asin: str
    title: str
    reference_id: str
    event_date: date | None
    units: int
    currency: str
    unit_value: Decimal | None
    amount: Decimal | None
    value_basis: str
    anchor_date: date | None
    claim_from: date | None
    safe_by: date | None
    claim_by: date | None
    days_left: int | None
    reasons: str
    summary: str


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One source row behind one finding.

    `role` says what the row does there (lost, found, paid, refund, shipped, ...); `units` how many
    units of the row count in the finding's arithmetic (None: the row is context and counts nothing).
    `file` and `line` lead to the row in the original export, whose content hash is `sha256`.
    `row` holds the row's own cells as printed, by column name, without personal data.
    """

    finding_id: str
    role: str
    units: int | None
    report: str
    file: str
    sha256: str
    line: int
    date: date | None
    fnsku: str
    msku: str
    order_id: str
    reference_id: str
    event: str
    quantity: int | None
    currency: str
    amount: Decimal | None
    row: Mapping[str, str] = field(default_factory=dict)

    @property
    def buildings(self) -> tuple[str, ...]:
        """The fulfilment centres that the row names, each once."""
        cells = {column: " ".join(cell.split()).strip("'") for column, cell in self.row.items()}
        return tuple(dict.fromkeys(cell for column, cell in cells.items() if cell and _names_building(column)))


def _names_building(column: str) -> bool:
    plain = column.casefold().replace("-", " ").replace("_", " ").strip().removesuffix(" id")
    return plain in _BUILDING_COLUMNS


@dataclass(frozen=True, slots=True)
class NotClaimed:
    """A candidate that a rule considered and rejected, with its reason."""

    rule: str
    marketplace: str
    fnsku: str
    msku: str
    reference_id: str
    units: int
    reason: str
    event_date: date | None
    explanation: str


@dataclass(frozen=True, slots=True, order=True)
class EndedDeadline:
    """A claim that a calendar may still hold though it was found, paid or withdrawn before its safe date.

    `what` is the reference or the FNSKU; `state` is that of its case.
    """

    finding_id: str
    rule: str
    what: str
    units: int
    state: str
    safe_by: date


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that could not be read (`left_out`) or was kept with an unknown value (`kept`)."""

    file: str
    line: int
    column: str
    reason: str
    raw: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Draft:
    """One claim, ready to file: `name` is its file name without ending, `text` its Markdown.

    `subject` and `body` are what is pasted into Amazon's form, in `language`; `where` names the page of Seller Central
    that has the form, `enter` what its fields ask for, both in English.
    """

    finding_id: str
    name: str
    language: str
    subject: str
    body: str
    text: str
    where: str = ""
    enter: str = ""


@dataclass(frozen=True, slots=True)
class WhatIfLine:
    """Findings of one rule, state and currency valued in two ways; `unknown` counts those without a value.

    `difference` is that of the `both` findings whose value is known in both ways.
    """

    rule: str
    status: str
    currency: str
    findings: int
    units: int
    now: Decimal
    unknown_now: int
    then: Decimal
    unknown_then: int
    both: int
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one audit concluded; publishing reads this and nothing else.

    `manifest` is the content of run.json. `what_if` is shown and never written. `broken_rules` are the warnings of the
    manifest that say which rules could not run or write their claims.
    """

    findings: tuple[Finding, ...]
    evidence: tuple[EvidenceRow, ...]
    not_claimed: tuple[NotClaimed, ...]
    rejects: tuple[Reject, ...]
    drafts: tuple[Draft, ...]
    manifest: Mapping[str, Any]
    what_if: tuple[WhatIfLine, ...] = ()
    broken_rules: tuple[Problem, ...] = ()


FINDING_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Finding))
EVIDENCE_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(EvidenceRow))
NOT_CLAIMED_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(NotClaimed))
REJECT_COLUMNS: tuple[str, ...] = tuple(f.name for f in fields(Reject))


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know or mend: where, what, and what to do next."""

    what: str
    remedy: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file and self.line else f"{self.file}: " if self.file else ""
        return f"{where}{self.what}" + (f" {self.remedy}" if self.remedy else "")


class AuditError(Exception):
    """Base of the errors that the command line explains instead of showing a traceback."""

    exit_code = 1

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(p if isinstance(p, Problem) else Problem(p) for p in problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class WrongUsage(AuditError):  # noqa: N818 - named for what happened
    """The command was given something that cannot be meant (exit 2)."""

    exit_code = 2


class WrongSetting(WrongUsage):
    """A setting that cannot be meant; `key` leads to it, as in ("rule", "warehouse_lost", "off")."""

    def __init__(self, problem: Problem, *key: str) -> None:
        self.key = key
        super().__init__(problem)


class DataRefused(AuditError):  # noqa: N818
    """The data gate refused: nothing was judged and no drafts were written (exit 3)."""

    exit_code = 3
