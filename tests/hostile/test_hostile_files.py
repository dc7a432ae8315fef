"""Files that nobody should hand in: each gets a clear answer, the others are read, and the machine stays usable."""

from __future__ import annotations

import gzip
import io
import os
import random
import stat
import tempfile
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.exports import find_sources

from .command import GOOD, LEDGER, MOST_MEMORY_MB, ROW, TEXT, Ran, check, run

MB = 1024**2


def packed(members: dict[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as pack:
        for name, content in members.items():
            pack.writestr(name, content)
    return buffer.getvalue()


def encrypted() -> bytes:
    content = bytearray(packed({"l.txt": TEXT}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def with_link() -> bytes:
    link = zipfile.ZipInfo("l.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as pack:
        pack.writestr(link, "/etc/hostname")
    return buffer.getvalue()


def workbook(*parts: tuple[str, bytes]) -> bytes:
    names = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    return packed(names | dict(parts))


FAR_CELLS = (
    b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
)

#: File name -> content, and words of the refusal that must name it.
REFUSED: dict[str, tuple[bytes, str]] = {
    "ratio.zip": (packed({"l.txt": bytes(20 * MB)}), "200 times"),
    "count.zip": (packed({f"{i}.txt": b"" for i in range(10_001)}, zipfile.ZIP_STORED), "10,000 files"),
    "traversal.zip": (packed({"../../l.txt": TEXT}), "leads out of the folder"),
    "absolute.zip": (packed({"/tmp/l.txt": TEXT}), "leads out of the folder"),
    "encrypted.zip": (encrypted(), "encrypted"),
    "link.zip": (with_link(), "a link"),
    "truncated.zip": (packed({"l.txt": TEXT})[:-30], "damaged"),
    "inner.zip": (packed({"a.txt": TEXT, "bomb.zip": packed({"l.txt": bytes(20 * MB)})}), "200 times"),
    "truncated.txt.gz": (gzip.compress(TEXT)[:-9], "cannot be read"),
    "bomb.txt.gz": (gzip.compress(TEXT + bytes(200 * MB), 6), "200 times"),
    "columns.txt": (LEDGER.encode() + b"\tx" * 100_000 + b"\n" + ROW.encode() + b"\n", "100,016 columns"),
    "bomb.xlsx": (workbook(("xl/worksheets/sheet1.xml", bytes(20 * MB))), "200 times"),
    "far.xlsx": (workbook(("xl/worksheets/sheet1.xml", FAR_CELLS)), "cells"),
    "nothing.xlsx": (workbook(), "damaged"),
    "half.xlsx": (workbook(("xl/worksheets/sheet1.xml", b"<worksheet/>"))[:-40], "damaged"),
    "half.json": (b'{"payload": {"ItemData": [{"ShipmentId": "FBA1", "Sel', "cut off"),
    "objects.json": (b'{"payload": {"ItemData": [' + b"{}," * 300_000 + b"{}]}}", "200,000 values"),
    "quote.csv": (LEDGER.replace("\t", ",").encode() + b'\n"' + b"x,\n" * (4 * MB), "20,001"),
}

#: File name -> content, and words of why it is left alone.
LEFT_ALONE: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "mark.txt": (b"\xef\xbb\xbf", "empty"),
    "nul.txt": (bytes(1_000), "no text"),
    "noise.txt": (random.Random(1).randbytes(200_000), ""),
    "deep.json": (b"[" * 2_000_000, "JSON"),
    "deep.zip": (packed({"in.zip": packed({"deeper.zip": packed({"l.txt": TEXT})})}), "archive within an archive"),
    "picture.csv": (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
}

#: File name -> content, rows read, rows rejected.
READ: dict[str, tuple[bytes, int, int]] = {
    "header only.txt": (LEDGER.encode() + b"\n", 0, 0),
    "blank lines.txt": (LEDGER.encode() + b"\n" * 1_000_000 + ROW.encode() + b"\n", 1, 0),
    "nul row.txt": (TEXT + ROW.replace("Pan", "P\0n").encode() + b"\n" + ROW.encode() + b"\n", 3, 1),
    "two headers.txt": (TEXT + TEXT.replace(b"X000000001", b"X000000002"), 2, 0),
    "line ends.txt": (f"{LEDGER}\r\n{ROW}\n{ROW}\r\n\r\n{ROW}".encode(), 3, 0),
    "no mark.txt": (TEXT.decode().replace("Pan", "靴").encode("utf-16-le"), 1, 0),
    "many cells.txt": (TEXT + b"x\t" * 100_000 + b"\n" + ROW.encode() + b"\n", 3, 1),
    "long row.txt": (TEXT + ROW.replace("Pan", "P" * 3_000_000).encode() + b"\n" + ROW.encode() + b"\n", 3, 1),
    "line\nbreak.txt": (TEXT.replace(b"Pan", b"Pot"), 1, 0),
    "\u202etxt.right to left": (TEXT.replace(b"Pan", b"Pin"), 1, 0),
    "=cmd|x.txt": (TEXT.replace(b"Pan", b"Pen"), 1, 0),
}


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
    os.mkfifo(folder / "pipe.txt")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "up").symlink_to("..")
    (folder / "round").symlink_to(".")
    (folder / "outside.txt").symlink_to("/etc/hostname")
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


LARGE: dict[str, tuple[bytes, int, int]] = {
    "one line under a header": (LEDGER.encode() + b"\n", 300, 0),
    "one line and nothing else": (b"", 300, 3),
    "nul bytes": (b"", 0, 3),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_very_large_line_costs_little_memory(tmp_path: Path, name: str) -> None:
    start, written, code = LARGE[name]
    folder = tmp_path / "exports"
    folder.mkdir()
    with (folder / "large.txt").open("wb") as file:
        file.write(start)
        for _ in range(written):
            file.write(b"x" * MB)
        file.truncate(max(file.tell(), 1024 * MB if not written else 0))
    ran = check(folder)
    assert ran.peak_mb < MOST_MEMORY_MB
    assert ran.file(GOOD)["rows_read"] == 1
    large = ran.file("large.txt")
    assert (large["rows_read"], large["rows_rejected"]) == ((1, 1) if start else (0, 0))
    assert ran.code in {0, 3}
    assert large["why_unknown"] if code and not start else True


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
