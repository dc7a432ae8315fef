"""Writes what this repository generates from itself, or says what is out of date.

    python docs/generate.py           write everything
    python docs/generate.py --check   write nothing; exit 1 and name what differs

Generated are the pages in docs/rules/ (from rules/), docs/tables.md (from the tables themselves), the table in
docs/exports.md (from the catalog of exports), the columns in docs/writing-rules.md (from the check of rules), the
accuracy tables in README.md (from benchmarks/accuracy.md and benchmarks/mixtures.md) and the accounts in sample_data/
(from the simulator).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from auditor.exports.catalog import load_catalog
from auditor.exports.layout import Report
from auditor.policy import load_policy
from auditor.rulebook.check import CANDIDATE_COLUMNS
from auditor.rulebook.pages import rule_page
from auditor.rulebook.rules import Rule, load_rules
from auditor.rulebook.shared_tables import reads_behind
from auditor.rulebook.table_pages import rule_tables, tables_page
from auditor.simulate import build_account, write_account

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = {"us": "US", "de": "DE", "jp": "JP"}
SAMPLE_SEED = 7
SAMPLE_ROWS = 700
ACCURACY_COLUMNS = {
    "rule": ("rule",),
    "claims owed": ("owed",),
    "found": ("found",),
    "precision": ("precision",),
    "recall": ("recall",),
    "wrong in units, state, date or amount": ("units wrong", "state wrong", "deadline wrong", "amount wrong"),
    "lookalikes": ("lookalikes",),
    "lookalikes claimed": ("lookalikes claimed",),
}
SHORT_CUTS = "## Beside short cuts"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare; gives the exit code."""
    parser = argparse.ArgumentParser(description="Write what this repository generates from itself.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is out of date")
    checking = parser.parse_args(arguments).check
    stale = list(_stale_pages(write=not checking)) + list(_stale_samples(write=not checking))
    for name in stale:
        print(f"{'out of date' if checking else 'written'}: {name}")
    return 1 if checking and stale else 0


def _stale_pages(*, write: bool) -> Iterator[str]:
    wanted = dict(_pages())
    for path, text in wanted.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            yield str(path.relative_to(ROOT))
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    for path in sorted((ROOT / "docs" / "rules").glob("*.md")):
        if path not in wanted:
            yield str(path.relative_to(ROOT))
            if write:
                path.unlink()


def _pages() -> Iterator[tuple[Path, str]]:
    rules, problems = load_rules()
    if problems:
        raise SystemExit("\n".join(map(str, problems)))
    for rule in rules:
        yield ROOT / "docs" / "rules" / f"{rule.rule_id}.md", rule_page(rule).rstrip("\n") + "\n"
    yield ROOT / "docs" / "tables.md", tables_page(rule_tables(load_catalog(), load_policy()))
    exports = ROOT / "docs" / "exports.md"
    yield exports, between(exports.read_text(encoding="utf-8"), "exports", exports_table())
    writing = ROOT / "docs" / "writing-rules.md"
    columns = ", ".join(f"`{name}` {kind}" for name, kind in CANDIDATE_COLUMNS.items())
    yield writing, between(writing.read_text(encoding="utf-8"), "columns", columns)
    readme, accuracy = ROOT / "README.md", ROOT / "benchmarks" / "accuracy.md"
    mixtures = ROOT / "benchmarks" / "mixtures.md"
    if accuracy.is_file() and mixtures.is_file():
        audit, _, short_cuts = accuracy.read_text(encoding="utf-8").partition(SHORT_CUTS)
        counted = _first_sentence(mixtures.read_text(encoding="utf-8"))
        tables = "\n\n".join((accuracy_table(audit), counted, short_cuts.strip()))
        yield readme, between(readme.read_text(encoding="utf-8"), "accuracy", tables)


def between(text: str, name: str, content: str) -> str:
    """The text with `content` between its markers of this name; SystemExit when it has no such markers."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = text.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise SystemExit(f"the markers {start} and {end} are missing")
    return f"{before}{start}\n{content}\n{end}{after}"


def exports_table() -> str:
    """One line an export: what it shows, where it is downloaded, which rules read it, how sure its columns are."""
    rules, _ = load_rules()
    lines = [
        "| export | what it shows | where in Seller Central | read by | layout known from |",
        "|---|---|---|---|---|",
    ]
    for report in sorted(load_catalog().reports.values(), key=lambda r: r.title):
        users = [rule for rule in rules if report.table in rule.facts.tables]
        helped = [rule for rule in rules if report.table in reads_behind(rule.facts.inputs)]
        named = _linked(users) or (f"adds to {_linked(helped)}" if helped else "no rule yet")
        lines.append(
            f"| {report.title} | {report.shows} | {report.download} | {named} | {report.evidence}{_source(report)} |"
        )
    return "\n".join(lines)


def _linked(rules: Iterable[Rule]) -> str:
    return ", ".join(f"[`{rule.rule_id}`](rules/{rule.rule_id}.md)" for rule in rules)


def _source(report: Report) -> str:
    if report.source.startswith("https://"):
        return f" ([source]({report.source}))"
    return "" if report.source == "the seller" else f" ({report.source})"


def accuracy_table(page: str) -> str:
    """The totals by rule of benchmarks/accuracy.md, with what was measured above them."""
    lines = page.splitlines()
    measured = _first_sentence(page)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    header = rows[0]
    kept = [row for row in rows[2:] if row[header.index("scenarios")] == "**all**"]
    table = [[_cell(row, header, names) for names in ACCURACY_COLUMNS.values()] for row in kept]
    head = ["| " + " | ".join(ACCURACY_COLUMNS) + " |", "|---|" + "---:|" * (len(ACCURACY_COLUMNS) - 1)]
    return "\n".join([measured, "", *head, *("| " + " | ".join(row) + " |" for row in table)])


def _first_sentence(page: str) -> str:
    return next(line for line in page.splitlines() if line.strip() and not line.startswith("#"))


def _cell(row: Sequence[str], header: Sequence[str], names: Sequence[str]) -> str:
    cells = [row[header.index(name)] for name in names]
    return cells[0] if len(cells) == 1 else str(sum(map(int, cells)))


def _stale_samples(*, write: bool) -> Iterator[str]:
    for folder, market in SAMPLES.items():
        account = build_account(SAMPLE_SEED, market, SAMPLE_ROWS)
        target = ROOT / "sample_data" / folder
        with tempfile.TemporaryDirectory() as scratch:
            write_account(account, Path(scratch))
            wanted, there = _contents(Path(scratch)), _contents(target)
        if wanted != there:
            yield str(target.relative_to(ROOT))
            if write:
                write_account(build_account(SAMPLE_SEED, market, SAMPLE_ROWS), target)


def _contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


if __name__ == "__main__":
    sys.exit(main())
