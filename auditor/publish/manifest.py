"""Questions that several outputs ask of run.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any


def as_of(manifest: Mapping[str, Any]) -> date:
    """The day the audit speaks for."""
    day = manifest["as_of"]
    return day if isinstance(day, date) else date.fromisoformat(day)


def rule_title(manifest: Mapping[str, Any], rule: str) -> str:
    """The rule's title; its id in plain words when the manifest does not list it."""
    titles = (entry.get("title") for entry in entries(manifest, "rules") if entry.get("rule") == rule)
    return str(next(titles, None) or rule.replace("_", " "))


def entries(manifest: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """A list of the manifest; empty when it is not there."""
    return manifest.get(key) or ()
