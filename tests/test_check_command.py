"""`audit check` says how each file was read; paths may be patterns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli import cli

LEDGER = "Date\tFNSKU\tMSKU\tTitle\tEvent Type\tReference ID\tQuantity\tDisposition\tReason\tCountry"
ROW = "07/16/2026\tX000000001\tSKU-1\tPfännchen “groß”\tReceipts\tFBA15LN6M80T\t1\tSELLABLE\t\tUS"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    for number, encoding in enumerate(("utf-8", "cp1252", "utf-8", "utf-8", "utf-8", "utf-16")):
        place = tmp_path / "in" / ("deep" if number == 5 else "")
        (place / f"{number}.txt").write_bytes(
            f"{LEDGER}\n{ROW}\n".replace("1\tSELL", f"{number + 1}\tSELL").encode(encoding)
        )
    (tmp_path / "in" / "readme.md").write_text("nothing")
    return tmp_path / "in"


def check(folder: Path, *arguments: str) -> Result:
    command = ["check", *arguments, "--workspace", str(folder.with_name("workspace"))]
    return CliRunner().invoke(cli, command, env={"COLUMNS": "200"})


def test_the_screen_names_the_encodings_and_the_files_of_the_rare_ones(folder: Path) -> None:
    result = check(folder, str(folder))
    assert "\nRead as: utf-8 in 4 files; cp1252 in 1.txt; utf-16-le in deep/5.txt\n" in result.output


def test_the_json_states_encoding_and_delimiter_of_every_file(folder: Path) -> None:
    files = json.loads(check(folder, str(folder), "--json").output)["files"]
    stated = {file["file"]: (file["encoding"], file["delimiter"]) for file in files}
    assert stated["1.txt"] == ("cp1252", "tab")
    assert stated["deep/5.txt"] == ("utf-16-le", "tab")


def test_an_encoding_that_was_asked_for_is_the_one_that_is_stated(folder: Path) -> None:
    files = json.loads(check(folder, str(folder / "1.txt"), "--json", "--encoding", "latin-1").output)["files"]
    assert [file["encoding"] for file in files] == ["iso8859-1"]


@pytest.mark.parametrize(("pattern", "count"), [("*.txt", 5), ("**/*.txt", 6), ("[1-3].txt", 3), ("dee*", 1)])
def test_a_pattern_that_no_shell_expanded_is_what_it_matches(folder: Path, pattern: str, count: int) -> None:
    result = check(folder, str(folder / pattern), "--json")
    assert len(json.loads(result.output)["files"]) == count


def test_a_pattern_that_matches_nothing_is_wrong_usage(folder: Path) -> None:
    result = check(folder, str(folder / "*.zip"))
    assert result.exit_code == 2
    assert "nothing matches" in result.stderr
