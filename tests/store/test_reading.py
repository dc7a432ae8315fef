"""Reading every content once, and trusting the cache only as far as it is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.exports.sources import find_sources
from auditor.store import reading as reading_module
from auditor.store.reading import HowToRead, Progress, read_exports

from .conftest import ORDER_ROW, ORDERS, Shelf, event, ledger, table


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of files that were read and not remembered."""
    names: list[str] = []
    really = reading_module.read

    def noted(source, *args, **how):  # type: ignore[no-untyped-def]
        names.append(source.name)
        return really(source, *args, **how)

    monkeypatch.setattr(reading_module, "read", noted)
    return names


def notes(shelf: Shelf) -> list[Path]:
    return sorted(shelf.workspace.cache.glob("*.json"))


def test_what_was_read_before_is_remembered_and_the_same(shelf: Shelf, reads: list[str]) -> None:
    bad = event("04-11") | {"Quantity": "many"}
    first = shelf.put(one=ledger(event("04-10"), bad, event("04-12", reason="X"))).read()
    assert reads == ["one.txt"]
    assert shelf.read() == first
    assert reads == ["one.txt"]


def test_a_renamed_file_is_remembered_under_its_new_name(shelf: Shelf, reads: list[str]) -> None:
    shelf.put(one=ledger(event("04-10"), event("04-11") | {"Quantity": "many"})).read()
    (shelf.folder / "one.txt").rename(shelf.folder / "renamed.txt")
    (export,) = shelf.read()
    assert reads == ["one.txt"]
    assert (export.reading.name, export.reading.rejects[0].file) == ("renamed.txt", "renamed.txt")


def test_a_changed_file_is_read_again(shelf: Shelf, reads: list[str]) -> None:
    shelf.put(one=ledger(event("04-10"))).read()
    (export,) = shelf.put(one=ledger(event("04-10"), event("04-11"))).read()
    assert reads == ["one.txt", "one.txt"]
    assert export.reading.rows_read == 2


def test_only_a_file_of_a_size_read_before_is_hashed_before_it_is_read(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    really = reading_module.sha256_of
    monkeypatch.setattr(reading_module, "sha256_of", lambda source: hashed.append(source.name) or really(source))
    shelf.put(one=ledger(event("04-10"))).read()
    assert hashed == []
    shelf.put(one=ledger(event("04-10")), two=ledger(event("04-10"), event("04-11"))).read()
    assert hashed == ["one.txt"]


@pytest.mark.parametrize("damage", ["", "{", "null", "[]", '{"name": "one.txt"}', "\x00\xff"])
def test_a_damaged_note_is_read_again(shelf: Shelf, reads: list[str], damage: str) -> None:
    first = shelf.put(one=ledger(event("04-10"))).read()
    for note in notes(shelf):
        note.write_text(damage, encoding="latin-1")
    assert shelf.read() == first
    assert reads == ["one.txt", "one.txt"]


def test_a_note_whose_rows_are_gone_is_read_again(shelf: Shelf, reads: list[str]) -> None:
    first = shelf.put(one=ledger(event("04-10"))).read()
    for parquet in shelf.workspace.cache.glob("*.parquet"):
        parquet.unlink()
    assert shelf.read() == first
    assert reads == ["one.txt", "one.txt"]
    assert shelf.rows("select count(*) from ledger") == [(1,)]


def test_without_its_cache_a_workspace_gives_the_same(shelf: Shelf) -> None:
    first = shelf.put(one=ledger(event("04-10")), two=table(ORDERS, [ORDER_ROW])).read()
    for file in shelf.workspace.cache.iterdir():
        file.unlink()
    assert shelf.read() == first


def test_the_same_content_twice_is_read_once_and_named_as_a_copy(shelf: Shelf, reads: list[str]) -> None:
    text = ledger(event("04-10"))
    one, other = shelf.put(one=text, other=text).read()
    assert (one.same_as, other.same_as) == (None, "one.txt")
    assert reads == ["one.txt"]
    assert shelf.rows("select count(*) from ledger") == [(1,)]
    assert len(shelf.tables().exports) == 1


def test_two_unknown_files_of_one_content_are_both_just_unknown(shelf: Shelf) -> None:
    exports = shelf.put(one="no export\n", other="no export\n").read()
    assert [export.same_as for export in exports] == [None, None]


def test_another_way_of_reading_is_another_reading(shelf: Shelf, reads: list[str]) -> None:
    shelf.put(one=ledger(event("04-10")))
    sources = find_sources([shelf.folder]).sources
    for how in (HowToRead(), HowToRead(encoding="cp1252"), HowToRead(date_order="dmy"), HowToRead()):
        read_exports(sources, shelf.catalog, shelf.workspace, how)
    assert reads == ["one.txt"] * 3


def test_exports_come_in_the_order_of_their_names(shelf: Shelf) -> None:
    shelf.put(c=ledger(event("04-10")), a=ledger(event("04-11")), b="no export\n")
    sources = list(reversed(find_sources([shelf.folder]).sources))
    exports = read_exports(sources, shelf.catalog, shelf.workspace)
    assert [export.reading.name for export in exports] == ["a.txt", "b.txt", "c.txt"]


def test_progress_hears_of_every_file_and_of_all_bytes_remembered_or_not(shelf: Shelf) -> None:
    shelf.put(one=ledger(event("04-10")), two=ledger(event("04-11")))
    size = sum(path.stat().st_size for path in shelf.folder.iterdir())
    for _ in range(2):
        files: list[tuple[str, int, int]] = []
        heard: list[int] = []
        progress = Progress(lambda *file: files.append(file), heard.append)  # noqa: B023
        read_exports(find_sources([shelf.folder]).sources, shelf.catalog, shelf.workspace, progress=progress)
        assert files == [("one.txt", 1, 2), ("two.txt", 2, 2)]
        assert sum(heard) == size


def test_a_file_that_cannot_be_read_is_a_reading_with_a_problem_and_is_not_remembered(shelf: Shelf) -> None:
    (shelf.folder / "one.gz").write_bytes(b"\x1f\x8b\x08\x00 cut off")
    (export,) = shelf.read()
    assert export.reading.parquet is None
    assert export.reading.problems
    assert export.reading.problems[0].remedy
    assert notes(shelf) == []
