"""Patterns that no shell has expanded."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.exports import find_sources
from auditor.exports.patterns import matched
from auditor.model import WrongUsage


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "c.csv", ".hidden.txt", "2026/a.txt", "2026/05/d.txt", "[1].txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.txt", ["[1].txt", "a.txt", "b.txt"]),
        ("?.csv", ["c.csv"]),
        ("[ab].txt", ["a.txt", "b.txt"]),
        ("**/*.txt", ["2026/05/d.txt", "2026/a.txt", "[1].txt", "a.txt", "b.txt"]),
        ("20*", ["2026"]),
        ("[1].txt", ["[1].txt"]),
    ],
)
def test_a_pattern_is_what_it_matches_in_the_order_of_names(folder: Path, pattern: str, names: list[str]) -> None:
    assert [path.relative_to(folder).as_posix() for path in matched([folder / pattern])] == names


def test_a_file_that_several_patterns_match_is_one_source(folder: Path) -> None:
    paths = matched([folder / "**", folder / "*.txt", folder / "a.txt"])
    names = [source.name for source in find_sources(paths).sources]
    assert names == sorted(names) == ["2026/05/d.txt", "2026/a.txt", "[1].txt", "a.txt", "b.txt", "c.csv"]


def test_equal_names_from_a_pattern_are_told_apart(folder: Path) -> None:
    found = find_sources(matched([folder / "**" / "a.txt"])).sources
    assert [source.name for source in found] == ["2026/a.txt", f"{folder.name}/a.txt"]


def test_what_is_not_there_is_wrong_usage_with_a_remedy(folder: Path) -> None:
    with pytest.raises(WrongUsage) as caught:
        matched([folder / "*.zip", folder / "none.txt", folder / "a.txt"])
    said = [str(problem) for problem in caught.value.problems]
    assert said == [
        f"nothing matches {folder}/*.zip. Check the pattern, or give the folder.",
        f"{folder}/none.txt does not exist. Check the path.",
    ]
