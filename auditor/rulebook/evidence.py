"""The source rows behind the findings: each with its file, line and own cells, read again from the original."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model import EvidenceRow
from auditor.rulebook.judge import Proof
from auditor.rulebook.source_rows import known_values
from auditor.store.tables import Tables


def gather_evidence(tables: Tables, proofs: Sequence[Proof]) -> tuple[EvidenceRow, ...]:
    """Turn proofs into evidence rows, in the order given, each found in its original file."""
    cells = tables.original_rows({proof.row_id for proof in proofs})
    known = known_values(tables.con, {proof.row_id for proof in proofs})
    rows = []
    for proof in proofs:
        reading, line = tables.place(proof.row_id)
        day, fnsku, msku, order_id, reference_id, event, quantity, currency, amount = known[proof.row_id]
        rows.append(
            EvidenceRow(
                finding_id=proof.finding_id,
                role=proof.role,
                units=proof.units,
                report=reading.report_id or "",
                file=reading.name,
                sha256=reading.sha256,
                line=line,
                date=day,
                fnsku=fnsku or "",
                msku=msku or "",
                order_id=order_id or "",
                reference_id=reference_id or "",
                event=event or "",
                quantity=quantity,
                currency=currency or "",
                amount=amount,
                row=cells[proof.row_id],
            )
        )
    return tuple(rows)
