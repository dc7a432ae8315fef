"""Results as JSON values, for --json."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from auditor.model import EvidenceRow, Finding, NotClaimed
from auditor.policy.money import format_plain
from auditor.publish.tables import columns


def plain(item: Finding | EvidenceRow | NotClaimed) -> dict[str, Any]:
    """The item for JSON: dates as ISO text, money as text with the currency's digits, None when unknown."""
    currency = getattr(item, "currency", "")
    return {
        column.name: _plain_value(column.kind, getattr(item, column.name), currency)
        for column in columns(field.name for field in fields(item))
    }


def _plain_value(kind: str, value: Any, currency: str) -> Any:
    if value is None:
        return None
    match kind:
        case "money":
            return format_plain(value, currency)
        case "date":
            return value.isoformat()
        case "cells":
            return dict(value)
    return value
