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


def report_title(manifest: Mapping[str, Any], report: str) -> str:
    """What people call the export; its id when the manifest does not list it."""
    titles = (entry.get("title") for entry in entries(manifest, "coverage") if entry.get("report") == report)
    return str(next(titles, None) or report)


def role_signs(manifest: Mapping[str, Any], rule: str) -> Mapping[str, int]:
    """Which roles the rule adds up (1) and takes away (-1); empty for a rule about money, whose claims are no sum."""
    entry = next((entry for entry in entries(manifest, "rules") if entry.get("rule") == rule), {})
    signs = dict.fromkeys(entry.get("plus") or (), 1)
    return signs | dict.fromkeys((*(entry.get("minus") or ()), "claimed_elsewhere"), -1) if signs else {}


def exposures(manifest: Mapping[str, Any]) -> frozenset[str]:
    """The rules whose findings are money that Amazon may take back, and nothing that it owes."""
    return frozenset(str(e.get("rule")) for e in entries(manifest, "rules") if e.get("kind") == "exposure")


def entries(manifest: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    """A list of the manifest; empty when it is not there."""
    return manifest.get(key) or ()
