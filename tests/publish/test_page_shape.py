"""The shape of the page as people meet it: what stands in which order, at three widths, light and dark, and on paper.

Pictures differ from machine to machine; headings, columns, fields and the order of boxes do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import page_results as made
import pytest
from browsing import Visits
from samples import SAMPLES
from syrupy.assertion import SnapshotAssertion

from auditor.publish import page as summary

WIDTHS = (390, 768, 1440)
NOW = "2026-06-30T12:00:00Z"
MANY = 20_000

#: One line for each heading, table, picture, form and list that can be seen, as a reader meets them.
OUTLINE = r"""() => {
  const words = (element) => (element.textContent ?? "").replace(/\s+/g, " ").trim().replace(/[\d.,]*\d/g, "N");
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const columns = (element) => new Set([...element.children].filter(seen)
    .map((child) => Math.round(child.getBoundingClientRect().left))).size;
  const lines = [];
  const parts = "nav, section, h1, h2, h3, table, svg, form, .pair, .currencies, [role=status]";
  for (const e of document.querySelectorAll(parts)) {
    if (!seen(e) || e.closest("details:not([open])")) continue;
    if (e.closest("tbody[data-row], tr[data-row]")) continue;
    const tag = e.tagName.toLowerCase();
    if (/^h\d$/.test(tag)) lines.push(`${"  ".repeat(Number(tag[1]) - 1)}${tag} ${words(e)}`);
    else if (tag === "nav") lines.push(`nav: ${[...e.querySelectorAll("a")].filter(seen).map(words).join(", ")}`);
    else if (tag === "section") lines.push(`section #${e.id}`);
    else if (tag === "form") lines.push(`  fields: ${[...e.querySelectorAll("label, button")].filter(seen)
      .map((field) => words(field.firstChild ?? field)).join(", ")}`);
    else if (tag === "svg") {
      if (!e.closest("[aria-hidden=true]")) lines.push("  picture with words");
    }
    else if (tag === "table") {
      const heads = [...e.querySelectorAll("thead th")].filter(seen).map(words);
      lines.push(`  table: ${heads.join(" | ") || "cells under each other"}`);
    } else if (e.getAttribute("role") === "status") lines.push(`  says: ${words(e)}`);
    else lines.push(`  ${e.className}: ${columns(e)} beside each other`);
  }
  return lines.filter((line, place) => line !== lines[place - 1]);
}"""

#: What is drawn outside the room that it has, but for what scrolls by itself.
OUTSIDE = r"""() => [...document.querySelectorAll("body *")]
  .filter((e) => e.checkVisibility() && !e.closest(".wide, .unseen, svg, .skip, nav"))
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 40)}`)"""

COLOURS = "() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "summary.html"
    path.write_text(summary.render(made.many(MANY)), "utf-8")
    return path


@pytest.fixture(params=[*SAMPLES, "20,000 findings"])
def page(request: pytest.FixtureRequest, audited: Callable[[str], Path]) -> Path:
    if request.param in SAMPLES:
        return audited(request.param) / "summary.html"
    path: Path = request.getfixturevalue("many")
    return path


@pytest.mark.parametrize("width", WIDTHS)
def test_the_same_page_in_light_and_dark(page: Path, width: int, visit: Visits, snapshot: SnapshotAssertion) -> None:
    tabs = {
        scheme: visit(page, now=NOW, viewport={"width": width, "height": 900}, color_scheme=scheme)
        for scheme in ("light", "dark")
    }
    light, dark = (tab.evaluate(OUTLINE) for tab in tabs.values())
    assert light == dark
    assert [tab.evaluate(OUTSIDE) for tab in tabs.values()] == [[], []]
    (white, black), (night, pale) = (tab.evaluate(COLOURS) for tab in tabs.values())
    assert brightness(white) > brightness(pale) > brightness(black)
    assert brightness(white) > 240
    assert brightness(pale) > 200
    assert max(brightness(night), brightness(black)) < 60
    assert "\n".join(light) == snapshot


def test_on_paper(page: Path, visit: Visits, tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    pypdf = pytest.importorskip("pypdf")
    tab = visit(page, now=NOW, color_scheme="dark")
    listed = {row.get_attribute("data-id") for row in tab.locator("table.findings > tbody").all()[:3]}
    tab.pdf(path=tmp_path / "page.pdf", format="A4", tagged=True, outline=True)
    paper = pypdf.PdfReader(tmp_path / "page.pdf")
    assert {tuple(round(float(side)) for side in sheet.mediabox[2:]) for sheet in paper.pages} == {(596, 843)}
    # the first sheets go as far as the first findings; long words are broken where the room ends
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in paper.pages[:8]))
    assert all(each in text for each in listed)
    for word in ("Copytext", "Opennallstories", "Clear"):
        assert word not in text
    assert "\n".join(outline(paper.outline)) == snapshot


def test_paper_says_what_it_leaves_out(many: Path, visit: Visits) -> None:
    tab = visit(many, now=NOW)
    said = tab.locator("#findings [data-printed]")
    assert not said.is_visible()
    tab.emulate_media(media="print")
    assert said.inner_text() == "50 of 20,000 are printed here; all of them stand in findings.csv."
    tab.emulate_media(media="screen")
    tab.fill("#findings [data-search]", "no such thing")
    tab.emulate_media(media="print")
    assert not said.is_visible()


def test_everything_can_be_done_with_the_keyboard_alone(many: Path, visit: Visits) -> None:
    tab = visit(many, now=NOW)
    search = tab.locator("#findings [data-search]")
    for _ in range(80):
        tab.keyboard.press("Tab")
        if search.evaluate("e => e === document.activeElement"):
            break
    tab.keyboard.type("-US")
    chosen = tab.locator("#findings [data-shown]").inner_text()
    assert re.match("6,66. of 20,000 findings", chosen)
    tab.keyboard.press("Tab")  # the rule
    tab.keyboard.press("ArrowDown")
    assert tab.locator('#findings [data-filter="rule"]').input_value()
    assert tab.locator("#findings [data-shown]").inner_text() != chosen
    amount = tab.locator('[data-head="amount"] button')
    for _ in range(20):
        tab.keyboard.press("Tab")
        if amount.evaluate("e => e === document.activeElement"):
            break
    tab.keyboard.press("Enter")
    assert tab.get_attribute('[data-head="amount"]', "aria-sort") == "descending"
    first = tab.locator("table.findings > tbody").first
    for _ in range(6):
        tab.keyboard.press("Tab")
        if first.locator("summary").evaluate("e => e === document.activeElement"):
            break
    tab.keyboard.press("Enter")
    assert first.locator(".story").is_visible()


def brightness(colour: str) -> int:
    """The mean of red, green and blue, 0 to 255."""
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) // 3


def outline(entries: list[Any], depth: int = 0) -> list[str]:
    """The headings that the file itself names, each deeper one further in."""
    lines: list[str] = []
    for entry in entries:
        lines += outline(entry, depth + 1) if isinstance(entry, list) else ["  " * depth + entry.title]
    return lines
