"""The costs that are missing, ranked and ready to fill in; and what other costs would change."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from auditor.cli import cli
from tests.samples import sample

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, reading_cache: Path) -> Run:
    """Runs an audit into a folder below `tmp_path`, with a case log of the test's own."""
    place = ["--workspace", str(reading_cache), "--database-url", f"sqlite:///{tmp_path / 'cases.db'}"]

    def run(*paths: Path, out: str = "out", more: tuple[str, ...] = ()) -> Result:
        return CliRunner().invoke(cli, ["run", *map(str, paths), "--out", str(tmp_path / out), *place, *more])

    return run


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def without_costs(tmp_path: Path) -> list[Path]:
    return [path for path in sorted(sample("us").iterdir()) if path.name != "costs.csv"]


def test_the_list_ranks_what_waits_and_a_filled_in_copy_values_it(
    run: Run, tmp_path: Path, without_costs: list[Path]
) -> None:
    assert run(*without_costs, more=("--quiet",)).exit_code == 0
    listed = table(tmp_path / "out" / "missing_costs.csv")
    findings = table(tmp_path / "out" / "findings.csv")
    worth = [Decimal(row["worth_if_sold"]) for row in listed if row["worth_if_sold"]]
    assert worth == sorted(worth, reverse=True)
    waiting = {f["msku"] for f in findings if f["status"] != "expired" and "cost_unknown" in f["reasons"]}
    assert {row["sku"] for row in listed} == waiting
    filled = tmp_path / "missing_costs.csv"
    with filled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, listed[0].keys())
        writer.writeheader()
        writer.writerows({**row, "unit-cost": "4.00"} for row in listed[:-1])
        writer.writerow(listed[-1])
    assert run(*without_costs, filled, out="again", more=("--quiet",)).exit_code == 0
    left = table(tmp_path / "again" / "missing_costs.csv")
    assert [row["sku"] for row in left] == [listed[-1]["sku"]]


def test_what_if_shows_another_worth_and_changes_no_result(run: Run, tmp_path: Path) -> None:
    assert run(sample("us"), more=("--quiet",)).exit_code == 0
    told = run(sample("us"), out="what", more=("--what-if", "cost=price-basis", "--json"))
    lines: list[dict[str, Any]] = json.loads(told.output)["what_if"]
    findings = table(tmp_path / "out" / "findings.csv")
    at_cost = [f for f in findings if f["value_basis"] in {"cost", "last_payment"}]
    now = sum(Decimal(line["now"]) for line in lines if line["now"])
    assert now == sum(Decimal(f["amount"]) for f in at_cost)
    assert any(line["then"] != line["now"] for line in lines)
    for name in ("findings.csv", "run.json", "summary.html"):
        assert (tmp_path / "what" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_what_if_with_another_file_of_costs_values_with_it_alone(run: Run, tmp_path: Path) -> None:
    costs = table(sample("us") / "costs.csv")
    doubled = tmp_path / "next year.csv"
    with doubled.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, costs[0].keys())
        writer.writeheader()
        writer.writerows({**row, "unit-cost": str(Decimal(row["unit-cost"]) * 2)} for row in costs if row["unit-cost"])
    told = run(sample("us"), more=("--what-if", f"cost-file={doubled}"))
    assert told.exit_code == 0
    assert "What if (the results stand as they are)" in told.output
    lines = json.loads(run(sample("us"), out="b", more=("--what-if", f"cost-file={doubled}", "--json")).output)[
        "what_if"
    ]
    for line in lines:
        if line["rule"] == "warehouse_damaged" and not line["without_value_now"] and not line["without_value_then"]:
            assert Decimal(line["then"]) <= 2 * Decimal(line["now"])
            assert Decimal(line["then"]) > Decimal(line["now"])


@pytest.mark.parametrize(
    ("basis", "said"),
    [
        ("cost=guess", "--what-if cost=guess is not known. Say cost=price-basis or cost-file=FILE."),
        ("cost-file=nowhere.csv", "There is no such file or folder"),
    ],
)
def test_a_basis_that_nobody_knows_is_wrong_usage(run: Run, tmp_path: Path, basis: str, said: str) -> None:
    told = run(sample("us"), more=("--what-if", basis))
    assert (told.exit_code, said in told.output) == (2, True)
    assert not (tmp_path / "out").exists()


def test_a_file_that_holds_no_costs_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "notes.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    told = run(sample("us"), more=("--what-if", f"cost-file={other}"))
    assert (told.exit_code, "notes.csv: this is no file of costs." in told.output) == (2, True)
