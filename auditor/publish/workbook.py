"""findings.xlsx: the results for people who live in spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from auditor.model import Finding, Results
from auditor.publish.data_sheet import write_data_sheet
from auditor.publish.deadlines import safe_day, to_file, urgency
from auditor.publish.manifest import as_of, rule_title
from auditor.publish.sheets import Formats, Sheet
from auditor.publish.tables import EVIDENCE, FINDINGS, NOT_CLAIMED, Column, columns, rows_of

_DEADLINES = columns(
    (
        "urgency",
        "safe_by",
        "claim_by",
        "days_left",
        "claim_from",
        "status",
        "confidence",
        "rule",
        "units",
        "currency",
        "amount",
        "marketplace",
        "fnsku",
        "reference_id",
        "title",
        "finding_id",
        "draft",
    )
)
# The hash of a file stands once on the Data sheet instead of on each of its rows.
_EVIDENCE = tuple(column for column in EVIDENCE if column.name != "sha256")
_ROWS_IN_MEMORY = 50_000
_URGENCY = Column("urgency", "text")
# Worded colours: the urgency column says the same in text.
_COLOURS = {
    "within 7 days": ("#7F1D1D", "#FEE2E2"),
    "within 14 days": ("#7C2D12", "#FFEDD5"),
    "within 30 days": ("#713F12", "#FEF9C3"),
    "expired": ("#4B5563", "#E5E7EB"),
}


def workbook_bytes(results: Results, scratch: Path | None = None) -> bytes:
    """Sheets Findings, Deadlines, Evidence, Not claimed and Data, with real dates and numbers, no formulas.

    `scratch` is a folder for the temporary files of a very long workbook (default: the system's).
    """
    buffer = io.BytesIO()
    long = len(results.findings) + len(results.evidence) + len(results.not_claimed) > _ROWS_IN_MEMORY
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": not long,
            "constant_memory": long,
            "tmpdir": str(scratch) if scratch else None,
            "strings_to_urls": False,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        },
    )
    day = as_of(results.manifest)
    book.set_properties({"title": "FBA findings", "created": datetime(day.year, day.month, day.day, tzinfo=UTC)})
    formats = Formats(book)
    _findings_sheet(Sheet(book, formats, "Findings"), results.findings)
    _deadlines_sheet(Sheet(book, formats, "Deadlines"), results)
    Sheet(book, formats, "Evidence").table(_EVIDENCE, rows_of(_EVIDENCE, results.evidence))
    Sheet(book, formats, "Not claimed").table(NOT_CLAIMED, rows_of(NOT_CLAIMED, results.not_claimed))
    write_data_sheet(Sheet(book, formats, "Data"), results.manifest)
    book.close()
    return buffer.getvalue()


def _findings_sheet(sheet: Sheet, findings: Sequence[Finding]) -> None:
    rows = ([urgency(finding), *values] for finding, values in zip(findings, rows_of(FINDINGS, findings), strict=True))
    sheet.table((_URGENCY, *FINDINGS), rows)
    sheet.colour_words("urgency", _COLOURS)


def _deadlines_sheet(sheet: Sheet, results: Results) -> None:
    drafts = {draft.finding_id: f"claims/{draft.name}.md" for draft in results.drafts}
    titles: dict[str, str] = {}
    for finding in results.findings:
        titles.setdefault(finding.rule, rule_title(results.manifest, finding.rule))
    sheet.table(
        _DEADLINES,
        (
            _deadline_row(finding, titles[finding.rule], drafts.get(finding.finding_id, ""))
            for finding in to_file(results.findings)
        ),
    )
    sheet.colour_words("urgency", _COLOURS)


def _deadline_row(finding: Finding, title: str, draft: str) -> list[Any]:
    special = {"urgency": urgency(finding), "safe_by": safe_day(finding), "rule": title, "draft": draft}
    return [special[column.name] if column.name in special else getattr(finding, column.name) for column in _DEADLINES]
