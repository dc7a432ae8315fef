"""One claim as a folder to hand over: what to paste, the evidence, the documents to add, and its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from auditor.model import Draft, EvidenceRow
from auditor.publish.tables import EVIDENCE, csv_bytes, rows_of

SHEET = "README.md"
DOCUMENTS = "documents"


def pack_files(
    draft: Draft,
    evidence: Sequence[EvidenceRow],
    documents: Mapping[str, Sequence[str]],
    history: Sequence[str],
    reply: str = "",
) -> Iterator[tuple[str, bytes]]:
    """Every file of the folder as (path with "/", content).

    `documents` are those that Amazon may ask for, by kind of seller; `history` what happened to the case, a line each;
    `reply` the answer that it waits for.
    """
    yield SHEET, draft.text.encode("utf-8", "replace")
    yield "subject.txt", (draft.subject + "\n").encode("utf-8", "replace")
    yield "text.txt", (draft.body + "\n").encode("utf-8", "replace")
    yield "evidence.csv", csv_bytes(EVIDENCE, rows_of(EVIDENCE, evidence))
    yield f"{DOCUMENTS}/README.md", _checklist(documents).encode("utf-8")
    if history:
        yield "history.txt", ("\n".join(history) + "\n").encode("utf-8", "replace")
    if reply:
        yield "reply.md", reply.encode("utf-8", "replace")


def _checklist(documents: Mapping[str, Sequence[str]]) -> str:
    parts = [
        "# Documents to put into this folder",
        "PDF or JPG, which cannot be edited. Only the part for your kind of seller counts.",
    ]
    for kind, wanted in documents.items():
        parts += [f"## {kind.capitalize()}", "\n".join(f"- [ ] {each}" for each in wanted or ("none",))]
    return "\n\n".join(parts) + "\n"
