"""What an audit could not conclude, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from auditor.model import Results
from auditor.publish.cells import one_line
from auditor.publish.manifest import entries, report_title, rule_title
from auditor.publish.speech import Speech

_MOST_NAMED = 5


def not_concluded(results: Results, speech: Speech) -> Iterator[str]:
    """Silent rules, rows and files that were not understood, unknown values and warnings; one sentence each.

    Warnings are in English in every language, as errors are.
    """
    yield from silent_rules(results, speech)
    rejects = results.manifest.get("rejects") or {}
    if left_out := rejects.get("left_out"):
        yield speech.say("Rows that could not be read and were left out: {n} (rejects.csv)", n=f"{left_out:,}")
    if kept := rejects.get("kept"):
        yield speech.say("Rows kept with an unknown value: {n} (rejects.csv)", n=f"{kept:,}")
    if files := [one_line(str(entry.get("file"))) for entry in entries(results.manifest, "unknown_files")]:
        yield speech.say("Files left alone, no known report: {names}", names=_some(files, speech))
    if codes := [one_line(str(entry.get("value"))) for entry in entries(results.manifest, "unknown_codes")]:
        yield speech.say("Unknown values: {names}", names=_some(codes, speech))
    yield from (one_line(str(warning)) for warning in results.manifest.get("warnings") or ())


def silent_rules(results: Results, speech: Speech) -> Iterator[str]:
    """The rules that lacked an export, and which one would let them speak."""
    for entry in entries(results.manifest, "silent_rules"):
        title = speech.rule(rule_title(results.manifest, str(entry.get("rule"))))
        why = speech.told(str(entry.get("why") or "").rstrip("."))
        told = speech.say("{rule}, {n} not judged: {why}.", rule=title, n=entry.get("candidates"), why=why)
        named, first, last = (entry.get(key) for key in ("report", "from", "to"))
        report = speech.reports(report_title(results.manifest, str(named))) if named else ""
        if report and first and last:
            told += " " + speech.say("Export {report} from {first} to {last}.", report=report, first=first, last=last)
        elif report:
            told += " " + speech.say("Export {report}.", report=report)
        yield one_line(told)


def _some(names: Sequence[str], speech: Speech) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return speech.say("{names} and {n} more", names=shown, n=more) if more > 0 else shown
