"""Files that nobody should hand in: each gets a clear answer, the others are read, and the machine stays usable."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor.check import check_exports
from auditor.cli import cli
from auditor.exports import find_sources
from auditor.exports.sources import changed
from auditor.model import DataRefused, EvidenceRow, Results
from auditor.request import Request
from auditor.rulebook.evidence import gather_evidence
from auditor.rulebook.judge import Proof
from auditor.store.tables import Tables
from auditor.store.workspace import open_workspace

from .command import GOOD, LEDGER, MOST_MEMORY_MB, ROW, TEXT, Ran, check, run
from .corpus import LARGE, LEFT_ALONE, READ, REFUSED, in_a_loop


def printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """All of them in one folder, checked by one command."""
    folder = tmp_path_factory.mktemp("hostile") / "exports"
    (folder / "a folder.csv").mkdir(parents=True)
    (folder / "a folder.csv" / "inside.txt").write_bytes(TEXT.replace(b"Pan", b"Pit"))
    for name, (content, *_) in (REFUSED | LEFT_ALONE | READ).items():  # type: ignore[operator]
        (folder / name).write_bytes(content)
    with open(os.fsencode(folder) + b"/caf\xe9.txt", "wb") as file:  # noqa: PTH123
        file.write(TEXT.replace(b"Pan", b"Pat"))
    in_a_loop(folder)
    return check(folder)


def test_the_command_ends_well_in_bounded_memory(checked: Ran) -> None:
    assert checked.code == 3
    assert checked.peak_mb < MOST_MEMORY_MB


def test_good_files_beside_hostile_ones_are_read(checked: Ran) -> None:
    for name in (GOOD, "a folder.csv/inside.txt", "caf\ufffd.txt"):
        file = checked.file(name)
        assert (file["report"], file["rows_read"], file["rows_rejected"]) == ("ledger_detail", 1, 0)
    assert checked.file("inner.zip/a.txt")["rows_read"] == 1


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_by_name_with_a_remedy(checked: Ran, name: str) -> None:
    (text,) = checked.refusals(name)
    assert REFUSED[name][1] in text
    assert text.rstrip(".").rsplit(". ", 1)[-1].split()[0] in {"Unpack", "Download", "Check", "Save"}
    assert f"audit: {name}" in checked.errors


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_what_is_no_export_is_left_alone_and_told(checked: Ran, name: str) -> None:
    shown = "deep.zip/in.zip/deeper.zip" if name == "deep.zip" else name
    assert checked.refusals(name) == []
    assert LEFT_ALONE[name][1] in (checked.file(shown)["why_unknown"] or "no reason")


@pytest.mark.parametrize("name", READ)
def test_odd_files_are_read_and_every_row_is_accounted_for(checked: Ran, name: str) -> None:
    file = checked.file(printable(name))
    assert (file["report"], file["rows_read"], file["rows_rejected"]) == ("ledger_detail", *READ[name][1:])


@pytest.mark.parametrize("name", ["pipe.txt", "loop.txt", "up", "outside.txt"])
def test_pipes_loops_and_links_out_of_the_folder_are_named_and_not_followed(checked: Ran, name: str) -> None:
    (text,) = checked.refusals(name)
    assert text.split(": ", 1)[1]


@pytest.mark.parametrize("name", LARGE)
def test_a_very_large_line_costs_little_memory(tmp_path: Path, name: str) -> None:
    write, rows, rejected = LARGE[name]
    folder = tmp_path / "exports"
    folder.mkdir()
    write(folder / name)
    ran = check(folder)
    assert ran.peak_mb < MOST_MEMORY_MB
    assert ran.file(GOOD)["rows_read"] == 1
    large = ran.file(name)
    assert (large["rows_read"], large["rows_rejected"]) == (rows, rejected)
    assert ran.code in {0, 3}
    assert rows or large["why_unknown"]


def test_a_file_that_never_stands_still_is_named_or_read_whole(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    path, over = folder / "growing.txt", threading.Event()
    path.write_bytes(TEXT)

    def write() -> None:
        lines = 1
        while not over.is_set():
            lines = lines % 2_000 + 1
            path.write_bytes(f"{LEDGER}\n".encode() + f"{ROW}\n".encode() * lines)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        ran = check(folder)
    finally:
        over.set()
        writer.join()
    assert ran.code in {0, 3}
    assert ran.file(GOOD)["rows_read"] == 1
    for text in ran.report["refusals"]:
        assert text.startswith("growing.txt")


@pytest.mark.parametrize("broken", [lambda p: p.chmod(0), lambda p: p.parent.chmod(0)], ids=["file", "folder"])
def test_what_may_not_be_read_is_named(broken: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "locked").mkdir()
        (folder / "locked" / "l.txt").write_bytes(TEXT)
        (folder / "good.txt").write_bytes(TEXT)
        broken(folder / "locked" / "l.txt")
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            found = find_sources([folder])
        finally:
            if user == 0:
                os.seteuid(0)
            (folder / "locked").chmod(0o755)
    assert [source.name for source in found.sources] == ["good.txt"]
    (problem,) = found.problems
    assert problem.file.startswith("locked")
    assert "read access" in problem.remedy


def test_a_run_refuses_without_results_and_without_leftovers(tmp_path: Path) -> None:
    folder, out = tmp_path / "exports", tmp_path / "out"
    folder.mkdir()
    (folder / GOOD).write_bytes(TEXT)
    (folder / "bad.zip").write_bytes(REFUSED["traversal.zip"][0])
    (folder / "cut.gz").write_bytes(REFUSED["truncated.txt.gz"][0])
    code, errors, peak = run(folder, out)
    assert (code, out.exists(), peak < MOST_MEMORY_MB) == (3, False, True)
    assert "audit: bad.zip: " in errors
    assert "audit: cut.gz: " in errors
    assert not [path for path in (tmp_path / "workspace").rglob("*") if path.name.startswith(".")]


def test_a_file_that_changes_after_it_was_read_is_named_beside_what_the_others_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / GOOD).write_bytes(TEXT)

    def refuse(_: Request) -> Results:
        raise DataRefused(changed("growing.txt"))

    monkeypatch.setattr("auditor.check.audit", refuse)
    told = check_exports(Request([folder], open_workspace(tmp_path / "workspace"))).as_json()
    assert [file["rows_read"] for file in told["files"]] == [1]
    assert [text.startswith("growing.txt: The file changed") for text in told["refusals"]] == [True]


def test_a_run_over_a_file_that_changes_before_its_proof_is_refused_and_earlier_results_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = Path(__file__).parents[2] / "sample_data" / "us"
    folder, out = shutil.copytree(sample, tmp_path / "exports"), tmp_path / "out"
    arguments = ["run", str(folder), "--out", str(out), "--workspace", str(tmp_path / "workspace"), "--quiet"]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    ledger = next(
        path for path in sorted(folder.iterdir()) if "Unreconciled Quantity" in path.read_text("utf-8-sig", "replace")
    )

    def too_late(tables: Tables, proofs: Sequence[Proof]) -> tuple[EvidenceRow, ...]:
        ledger.write_bytes(ledger.read_bytes() + b"\n")
        return gather_evidence(tables, proofs)

    monkeypatch.setattr("auditor.audit.gather_evidence", too_late)
    refused = CliRunner().invoke(cli, arguments)
    assert refused.exit_code == 3
    assert f"{ledger.name}: The file changed while it was read." in refused.stderr
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before
