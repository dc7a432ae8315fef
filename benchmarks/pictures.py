"""Takes a picture of a results folder's summary page.

python benchmarks/pictures.py RESULTS_DIR OUT.png [--width 1280] [--dark]

The browser's clock is set to the as-of date, so that the picture does not change with the day it is taken.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, date, datetime, time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")


def take(page_file: Path, out: Path, *, width: int, height: int, dark: bool, whole: bool, as_of: date | None) -> None:
    """Write the picture of one page as PNG, at two pixels a point; `whole` takes the page to its end."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None, args=["--no-sandbox", "--hide-scrollbars"]
        )
        page = _open(browser, width, height, dark, as_of)
        page.goto(page_file.resolve().as_uri())
        out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=out, full_page=whole)
        browser.close()


def take_part(page_file: Path, out: Path, *, done: str, part: str, as_of: date | None, height: int = 720) -> None:
    """Write the picture of one part of a page, at most `height` points of it, after `done` has run in the page."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM if CHROMIUM.exists() else None, args=["--no-sandbox", "--hide-scrollbars"]
        )
        page = _open(browser, 1280, 2600, False, as_of, scale=1)
        page.goto(page_file.resolve().as_uri())
        page.evaluate(done)
        shown = page.locator(part).first
        shown.scroll_into_view_if_needed()
        box = shown.bounding_box() or {"x": 0, "y": 0, "width": 1280, "height": height}
        page.screenshot(
            path=out, clip={"x": box["x"], "y": box["y"], "width": box["width"], "height": min(box["height"], height)}
        )
        browser.close()


def _open(browser: Browser, width: int, height: int, dark: bool, as_of: date | None, scale: int = 2) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale,
    )
    if as_of:
        page.clock.set_fixed_time(datetime.combine(as_of, time(12), UTC))
    return page


def as_of_day(results: Path) -> date | None:
    """The day the results speak for, from their run.json."""
    manifest = results / "run.json"
    if not manifest.exists():
        return None
    text = json.loads(manifest.read_text("utf-8")).get("as_of")
    return date.fromisoformat(text) if text else None


def main() -> None:
    """Read the command line and take the picture."""
    parser = argparse.ArgumentParser(description="Take a picture of a results folder's summary page.")
    parser.add_argument("results", type=Path, help="the folder that audit run wrote")
    parser.add_argument("out", type=Path, help="the PNG to write")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=1160, help="of the picture, unless --whole")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--whole", action="store_true", help="the page to its end")
    options = parser.parse_args()
    take(
        options.results / "summary.html",
        options.out,
        width=options.width,
        height=options.height,
        dark=options.dark,
        whole=options.whole,
        as_of=as_of_day(options.results),
    )


if __name__ == "__main__":
    main()
