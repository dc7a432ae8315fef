"""Buyers stay out: what reports hold of them is found nowhere, broken rows included."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result
from exports.layouts import Layout, layouts
from exports.payloads import SHIPMENT, response

from auditor.cli import cli
from auditor.exports import load_catalog
from auditor.exports.names import Header, normal

PERSONAL = re.compile(
    "buyer|recipient|(?:ship|bill) (?:address|city|state|postal|phone)|phone|comments|order (?:city|state|postal)|cpf"
)
SECRET = re.compile(r"zq[0-9]+qz")
GOOD_ROWS = 12
#: Japanese marketplaces belong to another account.
NOT_HERE = ("JP", "of jp")


def personal_places(layout: Layout) -> frozenset[int]:
    """Where a buyer's data stands, by the names of the columns and by the catalog."""
    entry = load_catalog().reports[layout.report]
    by_name = {place for place, column in enumerate(layout.columns) if PERSONAL.search(normal(column))}
    return frozenset(by_name) | Header(layout.columns).places(entry.personal)


LAYOUTS = [each for each in layouts() if personal_places(each) and not each.name.endswith(NOT_HERE)]


def broken(row: list[str], layout: Layout, tabs: bool) -> Iterator[list[str]]:
    """The row in many broken ways: cells of a wrong kind, pushed to the right, cut off, over several lines."""
    kinds = load_catalog().reports[layout.report].places(Header(layout.columns))
    columns = load_catalog().reports[layout.report].columns
    for name, place in kinds.items():
        if columns[name].type in {"date", "integer", "money"}:
            yield [*row[:place], "never", *row[place + 1 :]]
    title = next(
        (p for p, column in enumerate(layout.columns) if normal(column) in {"product name", "description", "sku"})
    )
    for pushed in range(1, 6):
        moved = [*row[: title + 1], *["pushed"] * pushed, *row[title + 1 :]]
        yield moved
        yield moved[: len(row)]
        yield [*row[:title], *row[title + pushed :]]
        yield [*row[:title], *row[title + pushed :], *[""] * pushed]
    for place in personal_places(layout):
        yield [*row[:place], f"{row[place]}\n{row[place]}", *row[place + 1 :]]
        yield row[: place + 1]
        yield [*row[:place], f'"{row[place]}' if tabs else f'{row[place]}"', *row[place + 1 :]]


def written(layout: Layout, secrets: Iterator[str], tabs: bool) -> bytes:
    """Good rows and broken ones, a secret in every cell of a buyer; quotes of broken rows stand bare."""
    places = personal_places(layout)
    row = ["secret" if place in places else cell for place, cell in enumerate(layout.cells()[0])]
    lines = [_line(cells, tabs) for cells in (*layout.above, layout.columns)]
    for bad in broken(row, layout, tabs):
        lines += [_line(bad, tabs).replace('""', '"'), *[_line(row, tabs)] * GOOD_ROWS]
    text = "".join(lines).replace(" EUR", " USD")  # one account: European currencies are refused beside American ones
    return re.sub("secret", lambda _: next(secrets), text).encode()


def _line(cells: Sequence[str], tabs: bool) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return "\t".join(cells) + "\n" if tabs else out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of every report with buyers in it, as tab text and as comma text, and a payload with an address."""
    folder = tmp_path_factory.mktemp("private") / "exports"
    folder.mkdir()
    secrets = (f"zq{number}qz" for number in count())
    for number, layout in enumerate(LAYOUTS):
        for tabs in (True, False):
            (folder / f"{number}-{tabs}.txt").write_bytes(written(layout, secrets, tabs))
    address = {"Name": next(secrets), "AddressLine1": next(secrets), "City": next(secrets)}
    shipments = [SHIPMENT | {"ShipFromAddress": address}] * GOOD_ROWS
    shipments.append(SHIPMENT | {"ShipFromAddress": address, "ShipmentId": "", "Buyer": next(secrets)})
    (folder / "payload.json").write_text(json.dumps(response("ShipmentData", shipments)))
    return folder


def run(command: str, folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, [command, str(folder), "--workspace", str(folder.with_name("workspace")), *options])


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Everything that lies in a folder, unpacked, by file."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            yield path.name, str(pl.read_parquet(path).to_dicts())
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                yield from (
                    (f"{path.name}/{name}", book.read(name).decode("utf-8", "replace")) for name in book.namelist()
                )
        else:
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def test_the_exports_of_this_test_hold_buyers(folder: Path) -> None:
    assert len(LAYOUTS) > 20
    assert {"all_orders", "fulfilled_shipments", "customer_returns", "customer_shipment_sales", "transactions"} <= {
        layout.report for layout in LAYOUTS
    }
    for path in folder.iterdir():
        assert SECRET.search(path.read_text())


def test_no_buyer_is_in_the_results_the_workspace_or_a_message(folder: Path) -> None:
    out = folder.with_name("results")
    ran = run("run", folder, "--out", str(out))
    assert ran.exit_code == 0, ran.stderr
    assert (out / "rejects.csv").read_text().count("\n") > 100
    said = [("stdout", ran.stdout), ("stderr", ran.stderr), *texts(out), *texts(folder.with_name("workspace"))]
    assert [(name, SECRET.findall(text)[:3]) for name, text in said if SECRET.search(text)] == []


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_buyer_is_in_what_a_check_prints(folder: Path, options: tuple[str, ...]) -> None:
    ran = run("check", folder, *options)
    assert not SECRET.search(ran.stdout + ran.stderr)
    assert "left out" in ran.stdout or options


def test_no_buyer_is_in_a_refusal(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    for path in folder.glob("*.txt"):
        header, *rows = path.read_text().splitlines(keepends=True)
        (tmp_path / "exports" / path.name).write_text(header + "".join(row for row in rows if SECRET.search(row)))
    ran = run("run", tmp_path / "exports", "--out", str(tmp_path / "out"))
    assert not SECRET.search(ran.stdout + ran.stderr)
