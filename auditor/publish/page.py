"""summary.html: one file that a person opens from disk and reads, with everything it needs inside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditor.model import Results
from auditor.publish import page_charts, page_figures, page_lists, page_stories
from auditor.publish.language import ENGLISH
from auditor.publish.manifest import exposures
from auditor.publish.page_patterns import patterns
from auditor.publish.page_pen import Pen, asset, content_policy, pen_of
from auditor.publish.redaction import redacted

MOST_REJECTS = 200

_SHAPES: dict[str, tuple[str, ...]] = {
    "rules": ("rule", "title", "version", "window", "source"),
    "inputs": (
        *("file", "sha256", "bytes", "report", "report_title", "encoding", "delimiter"),
        *("first_date", "last_date", "rows", "same_as"),
    ),
    "unknown_files": ("file", "why"),
    "coverage": ("report", "title", "first_date", "last_date", "rows", "gaps", "missing_for"),
    "needs": ("rule", "report", "title", "from_absence", "without", "state", "remedy"),
    "silent_rules": ("rule", "candidates", "units", "worth", "why", "report", "from", "to"),
    "unit_balance": (
        *("fnsku", "family", "units", "found", "paid", "corrected"),
        *("open", "waiting", "expired", "reconciled_by_amazon"),
    ),
    "missing_costs": ("sku", "currency", "fnsku", "title", "findings", "units", "next_deadline", "worth_if_sold"),
    "already_paid": ("currency", "rule", "units", "amount"),
    "unknown_codes": ("report", "column", "value", "rows"),
}
_WINDOW = (
    *("claim_type", "marketplace", "region", "anchor", "effective_from", "effective_to"),
    *("wait_days", "limit", "confidence", "source", "note"),
)


@dataclass(frozen=True, slots=True)
class Checks:
    """What the page says about its own footing, each a count or a yes."""

    files: int
    read: int
    loaded: int
    repeated: int
    rejected: int
    lost_units: int
    units_balance: bool
    reports_with_gaps: int
    high: int
    review: int
    assumed_windows: int

    @property
    def rows_add_up(self) -> bool:
        """Whether every row read was loaded, repeated or rejected."""
        return self.read == self.loaded + self.repeated + self.rejected


def render(results: Results, language: str = ENGLISH, *, redact: bool = False) -> str:
    """The whole page as HTML; the same results give the same text.

    `language` is a code of `language.LANGUAGES`. `redact` hides titles, order IDs and amounts, for a page to share.
    """
    style, script = asset("page.css"), asset("page.js")
    pen = pen_of(language, masked=redact)
    context = _context(redacted(results) if redact else results, pen)
    return pen.environment.get_template("page.html.j2").render(
        context,
        style=style,
        script=script,
        policy=content_policy(style, script),
        lang=language,
        english=language == ENGLISH,
        masked=redact,
    )


def _context(results: Results, pen: Pen) -> dict[str, Any]:
    manifest = _shaped(results.manifest)
    as_of = date.fromisoformat(manifest["as_of"]) if manifest["as_of"] else None
    flows = page_figures.unit_flows(manifest["unit_balance"])
    return {
        "results": results,
        "run": manifest,
        "as_of": as_of,
        "rule_titles": {rule["rule"]: pen.form.language.named(rule["title"]) for rule in manifest["rules"]},
        "report_titles": {row["report"]: row["title"] for row in manifest["coverage"]},
        "most_rejects": MOST_REJECTS,
        "figures": page_figures.by_currency(results.findings, manifest["already_paid"], exposures(results.manifest)),
        "first_to_close": page_figures.first_to_close(results.findings),
        "next_steps": page_figures.next_steps(results, as_of),
        "next_opening": page_figures.next_opening(results.findings),
        "timeline": page_charts.timeline(results.findings, as_of),
        "flows": [(flow, page_charts.flow_steps(flow)) for flow in flows],
        "checks": _checks(results, manifest, flows),
        "period": page_charts.covered_period(manifest["coverage"] or manifest["inputs"]),
        "strips": page_charts.coverage_strips(manifest["coverage"]),
        "patterns": patterns(results.findings, results.evidence, results.manifest),
        **_findings(results, manifest, pen),
        **_not_claimed(results, pen),
    }


def _findings(results: Results, manifest: Mapping[str, Any], pen: Pen) -> dict[str, Any]:
    long = len(results.findings) > page_lists.MOST_ROWS
    return {
        "stories": () if long else page_stories.stories(results, manifest["windows"]),
        "findings_data": page_lists.packed_findings(results, pen) if long else None,
    }


def _not_claimed(results: Results, pen: Pen) -> dict[str, Any]:
    long = len(results.not_claimed) > page_lists.MOST_ROWS
    packed = page_lists.packed_candidates(results.not_claimed, pen.form) if long else None
    return {
        "candidates": () if long else results.not_claimed,
        "candidates_data": packed,
        "candidates_kept": packed["length"] if packed else len(results.not_claimed),
        "reasons": Counter(candidate.reason for candidate in results.not_claimed).most_common(),
    }


def _checks(results: Results, manifest: Mapping[str, Any], flows: list[page_figures.UnitFlow] | Any) -> Checks:
    rows = [entry["rows"] for entry in manifest["inputs"]]
    return Checks(
        files=len(rows),
        read=sum(r["read"] for r in rows),
        loaded=sum(r["loaded"] for r in rows),
        repeated=sum(r["repeated"] for r in rows),
        rejected=sum(r["rejected"] for r in rows),
        lost_units=sum(flow.units for flow in flows),
        units_balance=all(flow.balances for flow in flows),
        reports_with_gaps=sum(1 for row in manifest["coverage"] if row["gaps"]),
        high=sum(1 for f in results.findings if f.confidence == "high"),
        review=sum(1 for f in results.findings if f.confidence == "review"),
        assumed_windows=sum(1 for row in manifest["windows"] if row["confidence"] == "assumption"),
    )


def _shaped(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with every key the templates name, so that a blank is a blank and a misspelt name an error."""
    policy = manifest.get("policy") or {}
    tool = manifest.get("tool") or {}
    shaped: dict[str, Any] = {
        key: [{name: row.get(name, "") for name in names} for row in manifest.get(key) or ()]
        for key, names in _SHAPES.items()
    }
    for entry in shaped["inputs"]:
        counts = entry["rows"] or {}
        entry["rows"] = {name: int(counts.get(name) or 0) for name in ("read", "loaded", "repeated", "rejected")}
    return shaped | {
        "account": manifest.get("account", ""),
        "as_of": manifest.get("as_of", ""),
        "as_of_source": manifest.get("as_of_source", ""),
        "marketplaces": manifest.get("marketplaces") or [],
        "tool": {name: tool.get(name, "") for name in ("name", "version")},
        "policy": {name: policy.get(name, "") for name in ("version", "checked")},
        "windows": [{name: row.get(name, "") for name in _WINDOW} for row in policy.get("windows") or ()],
        "warnings": [str(warning) for warning in manifest.get("warnings") or ()],
    }
