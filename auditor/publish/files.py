"""The files of a results folder that programs read: tables, claims and run.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from auditor.model import AuditError, Draft, EvidenceRow, Finding, Problem, Results
from auditor.publish.calendar import calendar_bytes
from auditor.publish.tables import (
    CLAIMS_INDEX,
    EVIDENCE,
    FINDINGS,
    MISSING_COSTS,
    NOT_CLAIMED,
    REJECTS,
    csv_bytes,
    missing_costs_rows,
    parquet_bytes,
    rows_of,
)
from auditor.publish.workbook import workbook_bytes

MANIFEST = "run.json"
#: The first page of an account of a batch; it may stand in a folder that waits for its first results.
START = "start.html"
CLAIMS = "claims"
OWN_NAMES = frozenset(
    {
        "findings.csv",
        "findings.parquet",
        "evidence.csv",
        "evidence.parquet",
        "not_claimed.csv",
        "missing_costs.csv",
        "rejects.csv",
        "findings.xlsx",
        "deadlines.ics",
        "summary.html",
        MANIFEST,
        CLAIMS,
    }
)
_SAFE_NAME = re.compile(r"\w[\w.-]{0,199}", re.ASCII)


def result_files(results: Results, scratch: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder as (path with "/", content), one after the other; the page is made elsewhere.

    `scratch` is a folder for temporary files; none is left behind.
    """
    findings = rows_of(FINDINGS, results.findings)
    yield "findings.csv", csv_bytes(FINDINGS, findings)
    yield "findings.parquet", parquet_bytes(FINDINGS, findings)
    evidence = rows_of(EVIDENCE, results.evidence)
    yield "evidence.csv", csv_bytes(EVIDENCE, evidence)
    yield "evidence.parquet", parquet_bytes(EVIDENCE, evidence)
    yield "not_claimed.csv", csv_bytes(NOT_CLAIMED, rows_of(NOT_CLAIMED, results.not_claimed))
    yield "missing_costs.csv", csv_bytes(MISSING_COSTS, missing_costs_rows(results.manifest))
    yield "rejects.csv", csv_bytes(REJECTS, rows_of(REJECTS, results.rejects))
    yield "findings.xlsx", workbook_bytes(results, scratch)
    yield "deadlines.ics", calendar_bytes(results.findings, results.manifest)
    yield from _claim_files(results)
    yield MANIFEST, manifest_bytes(results.manifest)


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """run.json in the order in which the manifest was made, so that a person reads it top to bottom."""
    return (json.dumps(manifest, indent=2, ensure_ascii=False, default=_json_value) + "\n").encode("utf-8", "replace")


def _claim_files(results: Results) -> Iterator[tuple[str, bytes]]:
    findings = {finding.finding_id: finding for finding in results.findings}
    evidence: dict[str, list[EvidenceRow]] = {}
    for row in results.evidence:
        evidence.setdefault(row.finding_id, []).append(row)
    for draft in results.drafts:
        if not _SAFE_NAME.fullmatch(draft.name):
            raise AuditError(Problem(f"A claim draft cannot be named {draft.name!r}.", "Report this as a defect."))
        rows = rows_of(EVIDENCE, evidence.get(draft.finding_id, []))
        yield f"{CLAIMS}/{draft.name}.md", draft.text.encode("utf-8", "replace")
        yield f"{CLAIMS}/{draft.name}.csv", csv_bytes(EVIDENCE, rows)
    index = [_index_row(draft, findings[draft.finding_id]) for draft in results.drafts]
    yield f"{CLAIMS}/index.csv", csv_bytes(CLAIMS_INDEX, index)


def _index_row(draft: Draft, finding: Finding) -> list[Any]:
    return [
        f"{draft.name}.md",
        finding.finding_id,
        finding.rule,
        finding.marketplace,
        draft.language,
        finding.claim_by,
        finding.safe_by,
        finding.units,
        finding.currency,
        finding.amount,
        draft.subject,
    ]


def _json_value(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"run.json cannot hold a {type(value).__name__}")
