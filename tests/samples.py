"""For end-to-end tests: run an audit as a person does, read its tables, export the same account in other ways."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from auditor.cli import cli

ROOT = Path(__file__).parent.parent
SAMPLES = ("us", "de", "jp")
Row = dict[str, str]


def sample(name: str) -> Path:
    return ROOT / "sample_data" / name


def run_audit(exports: Path, out: Path, *options: str, cache: Path | None = None) -> Result:
    """`audit run`, with a workspace beside the results, or with what is in the cache and a case log beside them."""
    workspace = out.with_name(f"{out.name}-workspace")
    place = ["--workspace", str(cache or workspace)]
    place += ["--database-url", f"sqlite:///{out.with_name(out.name + '-cases.db')}"] if cache else []
    command = ["run", str(exports), "--out", str(out), *place, "--quiet", *options]
    return CliRunner().invoke(cli, command)


def table(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def manifest(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "run.json").read_bytes())
    return content


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def copy_exports(
    source: Path, target: Path, reports: dict[str, str], change: Callable[[str, bytes], list[bytes]]
) -> None:
    """Copy every export into `target` under a name that says nothing, in reversed order.

    `change` gets the report and the content of each file and gives the contents to write.
    """
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and path.name != "truth.json"]
    parts = [
        part
        for path in files
        for part in change(reports.get(path.relative_to(source).as_posix(), ""), path.read_bytes())
    ]
    for number, content in enumerate(reversed(parts)):
        folder = target / ("a" if number % 2 else "b")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:03}.dat").write_bytes(content)


def halves(content: bytes, early: Callable[[bytes], bool]) -> list[bytes]:
    """The file as two, each with the header: the rows that are `early`, and the others."""
    header, *rows = content.splitlines(keepends=True)
    return [header + b"".join(row for row in rows if early(row) is side) for side in (True, False)]


def middle_day(content: bytes) -> str:
    """A day with about as many days before as after it."""
    days = sorted({day_of(row) for row in content.splitlines()[1:]})
    return days[len(days) // 2]


def day_of(row: bytes) -> str:
    """The day of a row as sortable text; the ledger prints MM/DD/YYYY, the other exports ISO dates."""
    for cell in cells(row)[:4]:
        text = cell.decode("latin-1")
        if text[2:3] == "/" and text[5:6] == "/":
            return f"{text[6:10]}-{text[:2]}-{text[3:5]}"
        if text[4:5] == "-" and text[7:8] == "-":
            return text[:10]
    raise AssertionError(f"no day in {row!r}")


def cells(row: bytes) -> list[bytes]:
    """The first cells of a row, tab or comma; only good for those that hold neither themselves."""
    return row.replace(b'"', b"").replace(b",", b"\t").split(b"\t")
