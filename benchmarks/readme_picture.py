"""Takes the pictures of README.md and docs/page.md: the summary page of sample_data/us.

    python benchmarks/readme_picture.py

It needs Chromium; see benchmarks/pictures.py. The exports and the page decide what is on them, not the day.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pictures
from click.testing import CliRunner

from auditor.cli import cli

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data" / "us"
DOCS = ROOT / "docs"

#: What docs/page.md shows: a picture's name, what is done before it is taken, and the part of the page that it shows.
STEPS = {
    "page-first-claim": (
        "() => document.querySelector('#next a.product').click()",
        ".finding:has(details[open]) .story",
    ),
    "page-not-claimed": (
        "() => { const box = document.querySelector('#not-claimed [data-search]'); box.value = 'found later'; "
        "box.dispatchEvent(new Event('input', {bubbles: true})) }",
        "#not-claimed .candidates",
    ),
    "page-missing-data": ("() => {}", "#data .silent"),
}


def main() -> None:
    """Audit the sample and take the first screen of its page, then the parts that the docs speak of."""
    with tempfile.TemporaryDirectory() as place:
        results = Path(place) / "results"
        options = ["--account", "Sample account", "--out", str(results), "--workspace", f"{place}/workspace", "--quiet"]
        run = CliRunner().invoke(cli, ["run", str(SAMPLE), *options])
        if run.exit_code:
            raise SystemExit(run.output)
        day = pictures.as_of_day(results)
        page = results / "summary.html"
        summary = DOCS / "summary.png"
        pictures.take(page, summary, width=1280, height=1160, dark=False, whole=False, as_of=day)
        taken = [summary]
        for name, (done, part) in STEPS.items():
            pictures.take_part(page, DOCS / f"{name}.png", done=done, part=part, as_of=day)
            taken.append(DOCS / f"{name}.png")
    for picture in taken:
        print(f"{picture.relative_to(ROOT)}, {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
