"""Which export, for which days, would let which rule speak, and what that might be worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.exports.catalog import Catalog
from auditor.rulebook.needs import Need
from auditor.store.coverage import Span, unite


@dataclass(frozen=True, slots=True)
class ToExport:
    """One export to make for one rule.

    `days` may be empty (the export as it is), or begin with None (up to a day). `units` wait for it, worth `worth` by
    currency as far as it is known; no units means that nobody can know what these days hold.
    """

    report: str
    instead: tuple[str, ...]
    title: str
    days: tuple[tuple[date | None, date], ...]
    rule: str
    units: int
    worth: Mapping[str, str]
    download: str

    def as_json(self) -> dict[str, Any]:
        """As it stands in run.json and in `audit check --json`."""
        return {
            "report": self.report,
            "instead": list(self.instead),
            "title": self.title,
            "days": [
                {"from": first.isoformat() if first else None, "to": last.isoformat()} for first, last in self.days
            ],
            "rule": self.rule,
            "units": self.units,
            "worth": dict(self.worth),
            "download": self.download,
        }


def exports_to_make(needs: Sequence[Need], silent: Iterable[Mapping[str, Any]], catalog: Catalog) -> list[ToExport]:
    """One line for each rule and export whose days are not covered, those that are waited for first.

    `silent` are the lines of run.json's `silent_rules`.
    """
    waiting = {(line["rule"], line["report"]): line for line in silent}
    open_needs = {(need.rule, need.report): need for need in needs if need.state != "covered"}
    all_needs = {(need.rule, need.report): need for need in needs}
    lines = []
    for rule, report in sorted({**waiting, **open_needs}, key=lambda key: (key not in waiting, key)):
        need, line = open_needs.get((rule, report)), waiting.get((rule, report), {})
        known = all_needs.get((rule, report))
        lines.append(
            ToExport(
                report=report,
                instead=known.instead if known else (),
                title=known.title if known else catalog.reports[report].title,
                days=_days(need, line),
                rule=rule,
                units=int(line.get("units", 0)),
                worth=line.get("worth", {}),
                download=catalog.reports[report].download,
            )
        )
    return lines


def _days(need: Need | None, line: Mapping[str, Any]) -> tuple[tuple[date | None, date], ...]:
    spans = list(need.days) if need else []
    if line and line["from"] is None:
        return ((None, date.fromisoformat(line["to"])),)
    if line:
        spans.append(Span(date.fromisoformat(line["from"]), date.fromisoformat(line["to"])))
    return tuple((span.first, span.last) for span in unite(spans).spans)
