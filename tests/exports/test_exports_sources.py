"""Finding files: names, archives, and what is never opened."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from auditor.exports import Found, archives, find_sources, read, rows_at
from auditor.model import DataRefused

from .conftest import LEDGER_16, Desk, ledger_row, rows

TEXT = (LEDGER_16 + "\n" + ledger_row() + "\n").encode()


def names(found: Found) -> list[str]:
    return [source.name for source in found.sources]


def put(path: Path, content: bytes = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def zipped(path: Path, members: dict[str, bytes], **how: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", how.get("compression", zipfile.ZIP_DEFLATED)) as pack:
        for name, content in members.items():
            pack.writestr(zipfile.ZipInfo(name) if "\\" in name else name, content)
    return path


def test_sources_are_named_relative_to_their_path_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.txt", "a/B.csv"):
        put(tmp_path / "exports" / name)
    assert names(find_sources([tmp_path / "exports"])) == ["a/B.csv", "a/c.txt", "b.txt"]
    assert names(find_sources([tmp_path / "exports" / "b.txt"])) == ["b.txt"]


def test_hidden_files_are_skipped(tmp_path: Path) -> None:
    for name in (".hidden", ".git/x.txt", "__MACOSX/a.txt", "~$ledger.txt", "kept.txt"):
        put(tmp_path / name)
    zipped(tmp_path / "z.zip", {"__MACOSX/._a.txt": TEXT, ".x": TEXT, "in/a.txt": TEXT})
    assert names(find_sources([tmp_path])) == ["kept.txt", "z.zip/in/a.txt"]


def test_equal_names_under_two_paths_get_the_path_s_own_name_in_front(tmp_path: Path) -> None:
    put(tmp_path / "one" / "l.txt")
    put(tmp_path / "two" / "l.txt")
    put(tmp_path / "two" / "m.txt")
    assert names(find_sources([tmp_path / "one", tmp_path / "two"])) == ["m.txt", "one/l.txt", "two/l.txt"]
    put(tmp_path / "x" / "same" / "l.txt")
    put(tmp_path / "y" / "same" / "l.txt")
    assert names(find_sources([tmp_path / "x" / "same", tmp_path / "y" / "same"])) == ["x/same/l.txt", "y/same/l.txt"]


def test_a_file_given_twice_is_one_source(tmp_path: Path) -> None:
    put(tmp_path / "l.txt")
    assert names(find_sources([tmp_path, tmp_path / "l.txt", tmp_path])) == ["l.txt"]


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    put(tmp_path / "outside" / "l.txt")
    put(tmp_path / "in" / "real.txt")
    (tmp_path / "in" / "link.txt").symlink_to(tmp_path / "outside" / "l.txt")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "outside")
    (tmp_path / "in" / "round").symlink_to(tmp_path / "in")
    found = find_sources([tmp_path / "in"])
    assert names(found) == ["real.txt"]
    assert sorted(p.file for p in found.problems) == ["folder", "link.txt"]


def test_pipes_and_missing_paths_are_problems_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = find_sources([tmp_path, tmp_path / "nowhere", tmp_path / "pipe"])
    assert found.sources == ()
    assert sorted(p.file for p in found.problems) == ["nowhere", "pipe", "pipe"]


def test_packed_files_read_like_plain_ones(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path / "p" / "plain.txt")
    put(tmp_path / "p" / "one.txt.gz", gzip.compress(TEXT))
    put(tmp_path / "p" / "noname", gzip.compress(TEXT))
    zipped(tmp_path / "p" / "z.zip", {"in/er/l.txt": TEXT, "in\\w.txt": TEXT, "l.txt.gz": gzip.compress(TEXT)})
    found = find_sources([tmp_path / "p"])
    assert names(found) == [
        "noname",
        "one.txt.gz",
        "plain.txt",
        "z.zip/in/er/l.txt",
        "z.zip/in/w.txt",
        "z.zip/l.txt.gz",
    ]
    readings = [read(source, desk.catalog, desk.cache) for source in found.sources]
    assert len({r.sha256 for r in readings}) == 1
    assert {r.size for r in readings} == {len(TEXT)}
    for source, reading in zip(found.sources, readings, strict=True):
        assert len(rows(reading)) == 1
        assert rows_at(source, reading, [2])[2]["MSKU"] == "SKU-1"


@pytest.mark.parametrize("name", ["../l.txt", "a/../../l.txt", "/etc/l.txt", "C:\\l.txt", "..\\l.txt", "a\x1bb.txt"])
def test_an_archive_with_a_hostile_name_is_refused(tmp_path: Path, name: str) -> None:
    found = find_sources([zipped(tmp_path / "z.zip", {"good.txt": TEXT, name: TEXT})])
    assert found.sources == ()
    assert found.problems[0].file == "z.zip"


def test_an_archive_bomb_is_refused(tmp_path: Path) -> None:
    found = find_sources([zipped(tmp_path / "z.zip", {"l.txt": bytes(5_000_000)})])
    assert found.sources == ()
    assert "200 times" in found.problems[0].what


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    found = find_sources(
        [zipped(tmp_path / "z.zip", {f"{i}.txt": b"" for i in range(10_001)}, compression=zipfile.ZIP_STORED)]
    )
    assert found.sources == ()
    assert "10,000" in found.problems[0].what


def test_an_encrypted_archive_a_link_in_one_and_a_damaged_one_are_problems(tmp_path: Path) -> None:
    plain = zipped(tmp_path / "plain.zip", {"l.txt": TEXT}).read_bytes()
    locked = bytearray(plain)
    locked[plain.index(b"PK\x01\x02") + 8] |= 1
    link = zipfile.ZipInfo("l.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        pack.writestr(link, "/etc/passwd")
    for content in (bytes(locked), buffer.getvalue(), plain[:-30]):
        found = find_sources([put(tmp_path / "z.zip", content)])
        assert found.sources == ()
        assert len(found.problems) == 1


def test_a_gzip_bomb_and_damaged_members_are_problems_of_their_file(desk: Desk, tmp_path: Path) -> None:
    bomb = gzip.compress(TEXT + (ledger_row() + "\n").encode() * 30_000)
    damaged = (
        zipped(tmp_path / "z.zip", {"l.txt": TEXT}, compression=zipfile.ZIP_STORED)
        .read_bytes()
        .replace(b"SKU-1", b"SKU-2")
    )
    for name, content in (("b.gz", bomb), ("cut.gz", gzip.compress(TEXT)[:-12]), ("z.zip", damaged)):
        (source,) = find_sources([put(tmp_path / "d" / name, content)]).sources
        reading = read(source, desk.catalog, desk.cache)
        assert reading.refused, name
        assert reading.problems[0].file == source.name
        (tmp_path / "d" / name).unlink()
    assert list(desk.cache.iterdir()) == [] if desk.cache.exists() else True


def test_an_office_document_is_one_unknown_file(desk: Desk, tmp_path: Path) -> None:
    for name in ("letter.docx", "letter"):
        (source,) = find_sources(
            [zipped(tmp_path / name, {"[Content_Types].xml": b"<x/>", "word/a.xml": b"<x/>"})]
        ).sources
        assert "office" in read(source, desk.catalog, desk.cache).why_unknown


def packed(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return buffer.getvalue()


def test_an_archive_within_an_archive_is_read_and_a_deeper_one_is_named(desk: Desk, tmp_path: Path) -> None:
    inner = packed({"a/l.txt": TEXT, "__MACOSX/l.txt": TEXT, "deeper.zip": packed({"l.txt": TEXT})})
    found = find_sources([zipped(tmp_path / "z.zip", {"in/inner.zip": inner, "other": packed({"l.txt": TEXT})})])
    assert found.problems == ()
    assert names(found) == ["z.zip/in/inner.zip/a/l.txt", "z.zip/in/inner.zip/deeper.zip", "z.zip/other/l.txt"]
    readings = [read(source, desk.catalog, desk.cache) for source in found.sources]
    assert [len(rows(r)) if r.parquet else r.why_unknown for r in readings][::2] == [1, 1]
    assert "archive within an archive" in readings[1].why_unknown
    assert rows_at(found.sources[0], readings[0], [2])[2]["MSKU"] == "SKU-1"


def test_what_is_wrong_with_an_inner_archive_leaves_the_rest_of_the_outer_one(tmp_path: Path) -> None:
    damaged = packed({"l.txt": TEXT})[:-25]
    bomb = packed({"l.txt": bytes(5_000_000)})
    hostile = packed({"../l.txt": TEXT})
    found = find_sources(
        [zipped(tmp_path / "z.zip", {"d.zip": damaged, "b.zip": bomb, "h.zip": hostile, "good.txt": TEXT})]
    )
    assert names(found) == ["z.zip/good.txt"]
    assert sorted(p.file for p in found.problems) == ["z.zip/b.zip", "z.zip/d.zip", "z.zip/h.zip"]


def test_archives_of_archives_are_bounded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    found = find_sources(
        [zipped(tmp_path / "z.zip", {f"{i}.zip": packed({f"{n}.txt": b"" for n in range(4)}) for i in range(3)})]
    )
    assert len(found.sources) == 4
    assert {p.file for p in found.problems} == {"z.zip/1.zip", "z.zip/2.zip"}


def test_a_name_in_another_encoding_becomes_printable_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/l\xe9dger\x1b.txt"
    with open(path, "wb") as stream:  # noqa: PTH123
        stream.write(TEXT)
    (name,) = names(find_sources([tmp_path]))
    assert name.encode("utf-8")
    assert name.isprintable()


def test_a_file_that_changes_while_it_is_read_is_a_problem(desk: Desk, tmp_path: Path) -> None:
    for change in (lambda p: p.write_bytes(TEXT + TEXT), lambda p: p.write_bytes(TEXT[:300]), Path.unlink):
        path = put(tmp_path / "l.txt")
        (source,) = find_sources([path]).sources
        reading = read(source, desk.catalog, desk.cache, on_bytes=lambda _, c=change, p=path: c(p))  # type: ignore[misc]
        assert reading.refused
        assert "changed while it was read" in reading.problems[0].what
        assert reading.problems[0].remedy


def test_evidence_is_quoted_only_from_the_file_that_was_read(desk: Desk, tmp_path: Path) -> None:
    path = put(tmp_path / "l.txt")
    (source,) = find_sources([path]).sources
    reading = read(source, desk.catalog, desk.cache)
    path.touch()
    assert rows_at(source, reading, [2])[2]["MSKU"] == "SKU-1"
    path.write_bytes(TEXT.replace(b"SKU-1", b"SKU-2"))
    with pytest.raises(DataRefused, match="changed while it was read"):
        rows_at(source, reading, [2])
    path.unlink()
    with pytest.raises(DataRefused, match="changed while it was read"):
        rows_at(source, reading, [2])
