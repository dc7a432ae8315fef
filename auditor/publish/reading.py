"""Reading a results folder back."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditor.formulas import restore
from auditor.model import AuditError, EvidenceRow, Finding, NotClaimed, Problem, Results, WrongUsage
from auditor.policy.money import digits
from auditor.publish.files import CLAIMS, MANIFEST
from auditor.publish.folder import is_results_folder
from auditor.publish.swap import standing
from auditor.publish.tables import EVIDENCE, FINDINGS, NOT_CLAIMED, Column

if TYPE_CHECKING:
    import polars as pl

DEFAULT_FOLDER = Path("audit-results")


def read_results(out: Path, *, evidence_of: str = "") -> Results:
    """The findings, rejected candidates and manifest of a results folder, and the evidence of one finding.

    Rejects and drafts are left empty. Raises WrongUsage when there are no results, AuditError when they are damaged.
    """
    for attempt in (1, 2):
        folder = standing(out)
        if not is_results_folder(folder):
            raise WrongUsage(
                Problem(f"There are no audit results in {out}.", "Run `audit run PATH` first, or name them with --out.")
            )
        try:
            before = folder.stat()
            results = _read(folder, evidence_of)
            # Another run may have put its folder in place between two of the files: then read again.
            if folder.stat().st_ino == before.st_ino:
                return results
        except FileNotFoundError as error:
            if attempt == 2:
                raise AuditError(_damaged(out, error)) from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AuditError(_damaged(out, error)) from error
    raise AuditError(Problem(f"{out} is being replaced all the time.", "Try again when the other run has finished."))


def draft_file(out: Path, finding: Finding) -> str:
    """Where the finding's claim draft lies inside the folder; "" when there is none."""
    ending = f"_{finding.rule}_{finding.finding_id}.md"
    folder = standing(out) / CLAIMS
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return next((f"{CLAIMS}/{name}" for name in names if name.endswith(ending)), "")


def _read(folder: Path, evidence_of: str) -> Results:
    import polars as pl

    try:
        findings = pl.read_parquet(folder / "findings.parquet")
        evidence = pl.scan_parquet(folder / "evidence.parquet").filter(
            pl.col("finding_id").str.to_lowercase() == evidence_of.lower()
        )
        return Results(
            findings=tuple(Finding(**row) for row in _rows(findings, FINDINGS)),
            evidence=tuple(EvidenceRow(**row) for row in _rows(evidence.collect(), EVIDENCE)) if evidence_of else (),
            not_claimed=_read_not_claimed(folder / "not_claimed.csv"),
            rejects=(),
            drafts=(),
            manifest=json.loads((folder / MANIFEST).read_bytes()),
        )
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error)) from error


def _rows(frame: pl.DataFrame, table: Sequence[Column]) -> list[dict[str, Any]]:
    rows = frame.select([column.name for column in table]).to_dicts()
    for row in rows:
        for column in table:
            row[column.name] = _value(column, row[column.name], row["currency"])
    return rows


def _value(column: Column, value: Any, currency: str | None) -> Any:
    match column.kind:
        case "text":
            return value or ""
        case "money" if value is not None:
            return value.quantize(Decimal(1).scaleb(-digits(currency or "")))
        case "cells":
            return json.loads(value)
    return value


def _read_not_claimed(path: Path) -> tuple[NotClaimed, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        if reader.fieldnames != [column.name for column in NOT_CLAIMED]:
            raise ValueError(f"{path.name} has other columns")
        return tuple(_not_claimed({name: restore(cell) for name, cell in row.items()}) for row in reader)


def _not_claimed(row: dict[str, str]) -> NotClaimed:
    return NotClaimed(
        rule=row["rule"],
        marketplace=row["marketplace"],
        fnsku=row["fnsku"],
        msku=row["msku"],
        reference_id=row["reference_id"],
        units=int(row["units"]),
        reason=row["reason"],
        event_date=date.fromisoformat(row["event_date"]) if row["event_date"] else None,
        explanation=row["explanation"],
    )


def _damaged(out: Path, error: Exception) -> Problem:
    reason = " ".join(str(error).split())[:200]
    return Problem(f"The results in {out} cannot be read ({reason}).", "Run `audit run` again.")
