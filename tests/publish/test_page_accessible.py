"""axe-core finds nothing to complain of in the page, whatever is open, filtered, dark, narrow or hidden."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import page_results as made
import pytest

from auditor.publish import page as summary

AXE = Path(__file__).parent / "vendor" / "axe.min.js"

#: What a person may do before looking: each is one state of the page.
STATES = {
    "as it opens": "() => {}",
    "every story open": "() => document.querySelector('[data-open]')?.click()",
    "every detail open": "() => document.querySelectorAll('details').forEach(d => { d.open = true })",
    "nothing fits the search": (
        "() => document.querySelectorAll('[data-search]').forEach("
        "box => { box.value = 'no such thing'; box.dispatchEvent(new Event('input', {bubbles: true})) })"
    ),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    texts = {
        "few": summary.render(made.few()),
        "nothing": summary.render(made.nothing()),
        "long": summary.render(made.many(2_100)),
        "hidden": summary.render(made.few(), redact=True),
        "in German": summary.render(made.few(), "de"),
        "in Japanese": summary.render(made.few(), "ja"),
    }
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, "utf-8")
    return {name: folder / f"{name}.html" for name in texts}


def violations(browser: Any, page: Path, state: str, *, scheme: str, width: int) -> list[str]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    try:
        tab = context.new_page()
        tab.goto(page.as_uri())
        tab.evaluate(STATES[state])
        tab.evaluate(AXE.read_text("utf-8"))
        found = tab.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [f"{v['id']}: {node['html'][:120]}" for v in found["violations"] for node in v["nodes"][:3]]
    finally:
        context.close()


def test_the_vendored_file_is_the_one_that_its_readme_names() -> None:
    text = (AXE.parent / "README.md").read_text("utf-8")
    [expected] = re.findall(r"sha256 ([0-9a-f]{64})", text)
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == expected


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path], state: str, scheme: str, width: int) -> None:
    assert violations(browser, pages["few"], state, scheme=scheme, width=width) == []


@pytest.mark.parametrize("name", ["nothing", "long", "hidden", "in German", "in Japanese"])
def test_axe_finds_nothing_in_other_pages(browser: Any, pages: dict[str, Path], name: str) -> None:
    assert violations(browser, pages[name], "every detail open", scheme="dark", width=768) == []


def test_axe_would_find_a_fault(browser: Any, pages: dict[str, Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.html"
    broken.write_text(pages["few"].read_text("utf-8").replace("</main>", '<img src="data:,"></main>'), "utf-8")
    assert any("image-alt" in v for v in violations(browser, broken, "as it opens", scheme="light", width=1280))
