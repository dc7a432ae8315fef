"""What an audit could not conclude, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model import Results
from auditor.publish.cells import one_line
from auditor.publish.manifest import entries, rule_title

_MOST_NAMED = 5


def not_concluded(results: Results) -> Iterator[str]:
    """Silent rules, rows and files that were not understood, unknown values and warnings; one sentence each."""
    yield from silent_rules(results)
    rejects = results.manifest.get("rejects") or {}
    if left_out := rejects.get("left_out"):
        yield f"Rows that could not be read and were left out: {left_out:,} (rejects.csv)"
    if kept := rejects.get("kept"):
        yield f"Rows kept with an unknown value: {kept:,} (rejects.csv)"
    if files := [one_line(str(entry.get("file"))) for entry in entries(results.manifest, "unknown_files")]:
        yield f"Files left alone, no known report: {_some(files)}"
    if codes := [one_line(str(entry.get("value"))) for entry in entries(results.manifest, "unknown_codes")]:
        yield f"Unknown values: {_some(codes)}"
    yield from (one_line(str(warning)) for warning in results.manifest.get("warnings") or ())


def silent_rules(results: Results) -> Iterator[str]:
    """The rules that lacked an export, and which one would let them speak."""
    for entry in entries(results.manifest, "silent_rules"):
        title = rule_title(results.manifest, str(entry.get("rule")))
        dates = f" from {entry['from']} to {entry['to']}" if entry.get("from") and entry.get("to") else ""
        export = f" Export {entry['report']}{dates}." if entry.get("report") else ""
        why = str(entry.get("why") or "").rstrip(".")
        yield one_line(f"{title}, {entry.get('candidates')} not judged: {why}.{export}")


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
