"""The same results with titles, order IDs, amounts and the seller's name hidden, for a page that is shared.

What is left shows how the tool counted: rules, dates, units, SKUs, files and lines. Whatever text might hold money or
an order loses its digits: hiding too much is a nuisance, hiding too little a leak.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from auditor.model import EvidenceRow, Finding, NotClaimed, Reject, Results
from auditor.publish.manifest import role_signs
from auditor.publish.page_format import MASK

#: An order of a customer: 3-7-7 digits, or S01- and so on for multi-channel orders.
_ORDER = re.compile(r"\b[A-Z]?\d{2,3}-\d{7}-\d{7}\b")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_QUOTED = re.compile("['\"].*['\"]", re.DOTALL)
_MONEY = re.compile(r"\d+[.,]\d+|\d{3,}|\d+(?= [A-Z]{3}\b)")


def redacted(results: Results) -> Results:
    """The results without titles, order IDs, raw rows, drafts and texts that could name them."""
    orders = frozenset(row.order_id for row in results.evidence if row.order_id)
    return replace(
        results,
        findings=tuple(_finding(f, orders, results.manifest) for f in results.findings),
        evidence=tuple(_evidence(row) for row in results.evidence),
        not_claimed=tuple(_candidate(c, orders) for c in results.not_claimed),
        rejects=tuple(_reject(reject) for reject in results.rejects),
        drafts=(),
        manifest=_manifest(results.manifest),
        what_if=(),
    )


def _finding(finding: Finding, orders: frozenset[str], manifest: Mapping[str, Any]) -> Finding:
    counts = bool(role_signs(manifest, finding.rule))
    return replace(
        finding,
        title="",
        account="",
        reference_id=_reference(finding.reference_id, orders),
        reasons=_text(finding.reasons),
        summary=_text(finding.summary) if counts else _without_numbers(finding.summary),
    )


def _evidence(row: EvidenceRow) -> EvidenceRow:
    return replace(row, order_id="", reference_id="", row={})


def _candidate(candidate: NotClaimed, orders: frozenset[str]) -> NotClaimed:
    return replace(
        candidate,
        reference_id=_reference(candidate.reference_id, orders),
        explanation=_text(candidate.explanation),
    )


def _reject(reject: Reject) -> Reject:
    """A row whose cells stand one column too far to the right has a name or a title where a number belongs."""
    return replace(reject, raw="", reason=_text(_QUOTED.sub(f"'{MASK}'", reject.reason)))


def _manifest(manifest: Mapping[str, Any]) -> dict[str, Any]:
    costs = [{**row, "title": ""} for row in manifest.get("missing_costs") or ()]
    warnings = [_text(str(warning)) for warning in manifest.get("warnings") or ()]
    silent = [{**row, "why": _text(str(row.get("why") or ""))} for row in manifest.get("silent_rules") or ()]
    return {**manifest, "account": "", "missing_costs": costs, "warnings": warnings, "silent_rules": silent}


def _reference(text: str, orders: frozenset[str]) -> str:
    return MASK if text in orders else _ORDER.sub(MASK, text)


def _text(text: str) -> str:
    """Without orders and without numbers that could be money; days and small counts stay."""
    return _keep_days(_ORDER.sub(MASK, text), _MONEY)


def _without_numbers(text: str) -> str:
    return _keep_days(_ORDER.sub(MASK, text), _NUMBER)


def _keep_days(text: str, hidden: re.Pattern[str]) -> str:
    days = _DAY.findall(text)
    parts = [hidden.sub(MASK, part) for part in _DAY.split(text)]
    return "".join(part + day for part, day in zip(parts, [*days, ""], strict=True))
