"""Takes the picture that README.md begins with: the summary page of sample_data/us.

    python benchmarks/readme_picture.py

It needs Chromium; see benchmarks/pictures.py. The exports and the page decide what is on it, not the day it is taken.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pictures
from click.testing import CliRunner

from auditor.cli import cli

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data" / "us"
PICTURE = ROOT / "docs" / "summary.png"


def main() -> None:
    """Audit the sample and take the first screen of its page."""
    with tempfile.TemporaryDirectory() as place:
        results = Path(place) / "results"
        options = ["--account", "Sample account", "--out", str(results), "--workspace", f"{place}/workspace", "--quiet"]
        run = CliRunner().invoke(cli, ["run", str(SAMPLE), *options])
        if run.exit_code:
            raise SystemExit(run.output)
        day = pictures.as_of_day(results)
        page = results / "summary.html"
        pictures.take(page, PICTURE, width=1280, height=1160, dark=False, whole=False, as_of=day)
    print(f"{PICTURE.relative_to(ROOT)}, {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
