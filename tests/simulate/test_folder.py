"""The folder holds what Amazon would give in that market, byte for byte the same each time."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.cli.simulate import simulate
from auditor.model import WrongUsage
from auditor.simulate import build_account, write_account
from auditor.simulate.calendar_of_account import LEDGERS, Span
from auditor.simulate.inventory_exports import figures

MARKETS = ("US", "UK", "DE", "JP")


def written(folder: Path, market: str, seed: int = 3, rows: int = 700) -> Path:
    write_account(build_account(seed, market, rows), folder)
    return folder


@pytest.fixture(scope="module", params=MARKETS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("account") / request.param, request.param, seed=2)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def by_header(folder: Path, start: str) -> list[bytes]:
    def first_cell(content: bytes) -> bytes:
        return content.removeprefix(b"\xef\xbb\xbf").removeprefix(b'"')

    return [content for content in bytes_of(folder).values() if first_cell(content).startswith(start.encode())]


def ledgers(folder: Path) -> list[bytes]:
    """The detailed ledgers: the summary view begins with a date too."""
    return [content for content in by_header(folder, "Date") if b"Event Type" in content.partition(b"\n")[0]]


def settlements(folder: Path) -> list[list[list[str]]]:
    files = by_header(folder, "settlement-id")
    return [[line.split("\t") for line in content.decode().splitlines()] for content in files]


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


@pytest.mark.parametrize("market", MARKETS)
def test_the_same_seed_gives_the_same_bytes(market: str, tmp_path: Path) -> None:
    first, second = written(tmp_path / "a", market), written(tmp_path / "b", market)
    assert bytes_of(first) == bytes_of(second)


def test_another_seed_gives_another_account(tmp_path: Path) -> None:
    assert bytes_of(written(tmp_path / "a", "US", seed=3)) != bytes_of(written(tmp_path / "b", "US", seed=4))


def test_three_ledgers_overlap_and_end_on_the_last_day(folder: Path) -> None:
    assert len(ledgers(folder)) == 3
    assert all(earlier.last >= later.first for earlier, later in pairwise(LEDGERS))


def test_each_settlement_sums_to_its_total_and_names_its_currency_once(folder: Path) -> None:
    files = settlements(folder)
    assert len(files) >= 10
    for header, summary, *rows in files:
        assert len(header) == 24
        assert all(len(row) == 24 for row in (summary, *rows))
        assert sum((number(row[14]) for row in rows), Decimal(0)) == number(summary[4])
        assert summary[5]
        assert not any(row[5] for row in rows)


def test_european_settlements_have_dotted_dates_and_decimal_commas(tmp_path: Path) -> None:
    for _, summary, *rows in settlements(written(tmp_path / "de", "DE")):
        assert summary[1][2] == summary[1][5] == "."
        assert summary[1].endswith(" UTC")
        assert all("," in row[14] and "." not in row[14] for row in rows)


def test_american_and_japanese_settlements_print_their_own_dates(tmp_path: Path) -> None:
    for market, mark in (("US", "-"), ("JP", "/")):
        for _, _, *rows in settlements(written(tmp_path / market, market)):
            assert all(row[16][4] == row[16][7] == mark for row in rows)
            assert all(row[14].split(".")[1] == "00" for row in rows if market == "JP")


def test_japanese_files_are_cp932_and_hold_japanese_titles(tmp_path: Path) -> None:
    for content in ledgers(written(tmp_path / "jp", "JP")):
        with pytest.raises(UnicodeDecodeError):
            content.decode("utf-8")
        assert "オストレル" in content.decode("cp932")


def test_german_ledgers_are_utf8_with_fifteen_columns_and_several_countries(tmp_path: Path) -> None:
    folder = written(tmp_path / "de", "DE")
    for content in ledgers(folder):
        rows = [line.split("\t") for line in content.decode("utf-8").split("\n")[:-1]]
        assert {len(row) for row in rows} == {15}
        assert {"DE", "PL", "FR"} <= {row[11] for row in rows[1:]}
    assert any("ü".encode("cp1252") in content for content in by_header(folder, "approval-date"))


def test_american_ledgers_come_as_tabs_or_fully_quoted(tmp_path: Path) -> None:
    tabs = ledgers(written(tmp_path / "even", "US", seed=2))
    commas = ledgers(written(tmp_path / "odd", "US", seed=3))
    assert all(content.count(b"\t", 0, content.index(b"\n")) == 15 for content in tabs)
    assert all(content.decode("utf-8-sig").startswith('"Date","FNSKU"') for content in commas)


def test_ledger_dates_are_months_first_everywhere(folder: Path) -> None:
    newest = max(ledgers(folder), key=lambda content: content.count(b"06/30/2026"))
    row = newest.decode("cp932" if folder.name == "JP" else "utf-8").split("\n")[1].split("\t")
    assert row[0] == f"{row[14][5:7]}/{row[14][8:10]}/{row[14][:4]}"


def test_a_blank_unreconciled_cell_follows_the_documented_meaning(tmp_path: Path) -> None:
    account = build_account(5, "US", 0)
    span = LEDGERS[-1]
    seen = set()
    for event in account.ledger:
        if event.explained is None or event.day not in span:
            continue
        reconciled, unreconciled = figures(event, span)
        units = abs(event.quantity)
        left = int(unreconciled) if unreconciled else 0 if reconciled else units
        assert left == units - event.reconciled_on(span.last)
        seen.add((bool(reconciled), bool(unreconciled)))
    assert seen == {(True, True), (True, False), (False, False)}


def test_an_older_export_carries_an_older_figure() -> None:
    account = build_account(5, "US", 0)
    older = Span(LEDGERS[1].first, LEDGERS[1].last)
    both = [e for e in account.ledger if e.explained and e.day in older and e.day in LEDGERS[-1]]
    assert any(figures(event, older) != figures(event, LEDGERS[-1]) for event in both)


def test_orders_overlap_and_the_older_export_shows_some_still_pending(tmp_path: Path) -> None:
    pending = 0
    for seed in range(1, 6):
        older = by_header(written(tmp_path / str(seed), "US", seed=seed), "amazon-order-id\tmerchant-order-id\tp")
        rows = [line.split("\t") for content in older for line in content.decode().split("\n")[1:-1]]
        states: dict[str, set[str]] = {}
        for row in rows:
            states.setdefault(row[0], set()).add(row[4])
        pending += sum(state == {"Pending", "Shipped"} for state in states.values())
        assert len(older) == 2
    assert pending > 0


def test_each_shipment_has_its_contents_and_one_was_exported_twice(folder: Path) -> None:
    names = [content.split(b"\r\n")[0] for content in bytes_of(folder).values() if content.startswith(b"Shipment ID")]
    queue = by_header(folder, "Shipment name")[0].decode().splitlines()
    assert len(set(names)) == len(queue) - 1
    assert len(names) > len(set(names))


def test_truth_names_every_file_and_its_totals_are_plain(folder: Path) -> None:
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert set(truth["files"]) | {"truth.json"} == set(bytes_of(folder))
    assert truth["market"] == folder.name
    assert truth["as_of"] == "2026-06-30"
    assert truth["rows"] >= 700
    digits = 0 if folder.name == "JP" else 2
    for entry in truth["owed"]:
        assert entry["rule"] == entry["family"]
        assert entry["units"] > 0
        assert entry["amount"] == "" or -int(Decimal(entry["amount"]).as_tuple().exponent) == digits


def test_awkward_titles_reach_the_exports(folder: Path) -> None:
    content = b"\n".join(ledgers(folder)).decode("cp932" if folder.name == "JP" else "utf-8")
    for part in ("=HYPERLINK(", "<script>", '10"'):
        assert part in content


def test_costs_are_readable_by_their_header(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "costs.csv").read_text(encoding="utf-8").splitlines()))
    assert {"sku", "unit-cost", "currency", "effective-from"} == set(rows[0])
    assert all(Decimal(row["unit-cost"]) > 0 for row in rows)


def test_an_earlier_account_is_replaced_whole(tmp_path: Path) -> None:
    written(tmp_path / "x", "US", seed=1)
    written(tmp_path / "x", "DE", seed=2)
    assert bytes_of(tmp_path / "x") == bytes_of(written(tmp_path / "y", "DE", seed=2))


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(WrongUsage, match="not empty"):
        written(tmp_path, "US")
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep me"


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    result = CliRunner().invoke(simulate, [str(tmp_path / "demo"), "--market", "de", "--seed", "4", "--rows", "0"])
    assert result.exit_code == 0
    assert "claims owed" in result.output
    assert json.loads((tmp_path / "demo" / "truth.json").read_text(encoding="utf-8"))["market"] == "DE"
