"""The workbook's Data sheet: what was read, which days it covers, and what a person should know about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from auditor.publish.manifest import as_of, entries
from auditor.publish.sheets import Sheet
from auditor.publish.tables import Column, Kind

_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("first_date", "last_date", "from", "to"), "date"),
    **dict.fromkeys(("read", "loaded", "repeated", "rejected", "bytes", "rows", "findings", "units"), "whole"),
    **dict.fromkeys(("candidates", "without_value"), "whole"),
    "amount": "money",
}
# Heading, list of run.json, columns.
_SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Totals",
        "totals",
        ("rule", "status", "confidence", "findings", "units", "currency", "amount", "without_value"),
    ),
    (
        "Files read",
        "inputs",
        (
            "file",
            "report_title",
            "first_date",
            "last_date",
            "read",
            "loaded",
            "repeated",
            "rejected",
            "encoding",
            "same_as",
            "sha256",
        ),
    ),
    ("Days covered", "coverage", ("report", "title", "first_date", "last_date", "rows", "gaps", "missing_for")),
    ("What each rule needs", "needs", ("rule", "title", "without", "state", "remedy")),
    (
        "Rules that could not conclude",
        "silent_rules",
        ("rule", "report", "from", "to", "candidates", "units", "worth", "why"),
    ),
    ("Files left alone", "unknown_files", ("file", "why")),
    ("Unknown values", "unknown_codes", ("report", "column", "value", "rows")),
)


def write_data_sheet(sheet: Sheet, manifest: Mapping[str, Any]) -> None:
    """Fill the sheet with the manifest's lists, each under its heading; an empty list is left out."""
    sheet.widths(38, 30, 14, 14, 12, 12, 12, 12, 14, 14, 66)
    tool = manifest.get("tool") or {}
    sheet.note(f"As of {as_of(manifest).isoformat()} ({manifest.get('as_of_source') or 'given'})")
    sheet.note(f"Made by {tool.get('name', 'audit')} {tool.get('version', '')}".rstrip())
    for warning in manifest.get("warnings") or ():
        sheet.note(f"Warning: {warning}")
    for heading, key, names in _SECTIONS:
        table = tuple(Column(name, _KINDS.get(name, "text")) for name in names)
        rows = [[_value(column, entry) for column in table] for entry in map(_flat, entries(manifest, key))]
        if rows:
            sheet.heading(heading)
            sheet.rows(table, rows)


def _flat(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """The entry with its inner mappings opened and its lists as text."""
    counts = entry.get("rows")
    flat = {**entry, **(counts if isinstance(counts, Mapping) else {})}
    gaps = ", ".join(f"{gap['from']} to {gap['to']}" for gap in entry.get("gaps") or ())
    worth = " and ".join(f"{amount} {currency}" for currency, amount in (entry.get("worth") or {}).items())
    return {**flat, "gaps": gaps, "missing_for": ", ".join(entry.get("missing_for") or ()), "worth": worth}


def _value(column: Column, entry: Mapping[str, Any]) -> Any:
    value = entry.get(column.name)
    if value is None or value == "":
        return None
    match column.kind:
        case "date":
            return date.fromisoformat(str(value))
        case "money":
            return Decimal(str(value))
        case "text":
            return str(value)
    return value
