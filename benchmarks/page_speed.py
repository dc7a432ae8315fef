"""How long the summary page of a very large account takes to write, to open and to filter, and the portfolio page.

    python benchmarks/page_speed.py [--findings 20000] [--accounts 500] [--out benchmarks/page_speed.md]

The findings of sample_data/us are repeated under other IDs until there are enough of them. Writing is measured beside
`json.dumps` of the same findings and source rows, since times drift and ratios do not. Opening and filtering are
measured in Chromium by the page's own clock: until the first screen is painted, and from a key press to the drawn list.
The portfolio is of accounts that all have the results of sample_data/us, written beside `json.dumps` of portfolio.json.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

from pictures import CHROMIUM
from playwright.sync_api import sync_playwright

from auditor.accounts.listing import read_listing
from auditor.accounts.portfolio import Portfolio, build
from auditor.accounts.portfolio_page import portfolio_json
from auditor.accounts.portfolio_page import render as portfolio_page
from auditor.audit import audit
from auditor.model import Results
from auditor.publish.folder import write_results
from auditor.publish.page import render
from auditor.request import Request
from auditor.store.workspace import open_workspace

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 3

_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_FILTER = """words => {
  const box = document.querySelector('#findings [data-search]');
  const begun = performance.now();
  box.value = words;
  box.dispatchEvent(new Event('input', {bubbles: true}));
  document.querySelector('#findings [data-row]')?.getBoundingClientRect();
  return performance.now() - begun;
}"""


def main() -> None:
    """Measure, print the table, and write it when asked."""
    parser = argparse.ArgumentParser(description="Speed of the summary page.")
    parser.add_argument("--findings", type=int, default=20_000)
    parser.add_argument("--accounts", type=int, default=500)
    parser.add_argument("--out", type=Path, help="also write the table here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        text = table(asked.findings, Path(place)) + portfolio_table(asked.accounts, Path(place))
    print(text)
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")


def table(count: int, place: Path) -> str:
    """The measurements as a Markdown table."""
    results = many(count, place)
    written, html = _timed(lambda: render(results))
    bare, _ = _timed(lambda: json.dumps([asdict(f) for f in results.findings], default=str))
    page = place / "summary.html"
    page.write_text(html, encoding="utf-8")
    opened, filtered = _in_browser(page, ("soap", "s", "so", "soap dish", ""))
    weight = len(html.encode()) / 1_000_000
    return "\n".join(
        [
            f"# The summary page of {count:,} findings",
            "",
            "Made by `python benchmarks/page_speed.py`; median of three. Times drift, the ratio does not.",
            "",
            "| what | measured | aim |",
            "|---|---|---|",
            f"| writing it | {written:.2f} s | under 3 s |",
            f"| the same beside `json.dumps` of the findings | {written / bare:.1f} times | |",
            f"| its weight | {weight:.1f} MB | under 8 MB |",
            f"| first screen in Chromium | {opened:.0f} ms | under 1,000 ms |",
            f"| slowest of five searches | {filtered:.0f} ms | under 200 ms |",
            "",
        ]
    )


def portfolio_table(count: int, place: Path) -> str:
    """The measurements of a portfolio of so many accounts as a Markdown table."""
    made = portfolio_of(count, place)
    told = portfolio_json(made)
    written, html = _timed(lambda: portfolio_page(made))
    bare, _ = _timed(lambda: json.dumps(told, default=str))
    page = place / "portfolio.html"
    page.write_text(html, encoding="utf-8")
    opened, _ = _in_browser(page)
    return "\n".join(
        [
            "",
            f"## The portfolio of {count:,} accounts, {sum(len(v.seen.findings) for v in made.accounts):,} findings",
            "",
            "| what | measured | aim |",
            "|---|---|---|",
            f"| writing it | {written:.2f} s | under 5 s |",
            f"| the same beside `json.dumps` of portfolio.json | {written / bare:.1f} times | |",
            f"| its weight | {len(html.encode()) / 1_000_000:.1f} MB | |",
            f"| first screen in Chromium | {opened:.0f} ms | |",
            "",
        ]
    )


def portfolio_of(count: int, place: Path) -> Portfolio:
    """Accounts with the results of the sample, looked at as `audit portfolio` looks at them."""
    found = audit(Request(paths=[ROOT / "sample_data" / "us"], workspace=open_workspace(place / "workspace")))
    batch, names = place / "batch", [f"a{n:03d}" for n in range(count)]
    write_results(found, batch / names[0], extra={})
    for name in names[1:]:
        (batch / name).symlink_to(batch / names[0], target_is_directory=True)
    listing = place / "accounts.toml"
    head = '[people.mira]\nname = "Mira"\n[defaults]\nowner = "mira"\nexports = "exports"\n'
    listing.write_text(head + "".join(f'[[account]]\nid = "{name}"\n' for name in names), encoding="utf-8")
    return build(read_listing(listing), batch, f"sqlite:///{place / 'cases.db'}")


def many(count: int, place: Path) -> Results:
    """The results of the sample, repeated under other IDs; each finding keeps its source rows."""
    workspace = open_workspace(place / "workspace")
    found = audit(Request(paths=[ROOT / "sample_data" / "us"], workspace=workspace))
    copies = -(-count // len(found.findings))
    names = [f"{copy:03d}" for copy in range(copies)]
    findings = (
        replace(f, finding_id=f.finding_id + name, reference_id=f.reference_id + name)
        for name in names
        for f in found.findings
    )
    evidence = (replace(row, finding_id=row.finding_id + name) for name in names for row in found.evidence)
    return replace(found, findings=tuple(islice(findings, count)), evidence=tuple(evidence))


def _timed(work: Callable[[], str]) -> tuple[float, str]:
    seconds, text = [], ""
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        text = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), text


def _in_browser(page: Path, searches: Sequence[str] = ()) -> tuple[float, float]:
    """Milliseconds to the first paint, and of the slowest search; 0 without any."""
    opened, filtered = [], [0.0]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM if CHROMIUM.exists() else None, args=["--no-sandbox"])
        for _ in range(ROUNDS):
            tab = browser.new_page()
            tab.goto(page.resolve().as_uri())
            tab.wait_for_function(_PAINTED)
            opened.append(float(tab.evaluate(_PAINTED)))
            if searches:
                tab.evaluate(_FILTER, searches[0])  # the first search also prepares the texts of all rows
                filtered.append(max(float(tab.evaluate(_FILTER, words)) for words in searches))
            tab.close()
        browser.close()
    return statistics.median(opened), statistics.median(filtered[1:] or filtered)


if __name__ == "__main__":
    main()
