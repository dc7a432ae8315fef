"""Read one source: recognise it, type its rows, write them as Parquet, and say what did not fit."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

from auditor.model import Problem, WrongUsage

from .catalog import Catalog
from .encodings import check_name, decoded, guess
from .header import Layout, find_header
from .intake import Text, chunks_of, take_in
from .layout import DateOrder
from .load import ROWS, load
from .reading import Reading
from .records import numbered_lines
from .sources import Source
from .strangers import why_unknown

HEAD = 1 << 18
#: What reading a file, a .gz or a .zip member may raise.
UNREADABLE = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


def read(
    source: Source,
    catalog: Catalog,
    target_dir: Path,
    *,
    encoding: str | None = None,
    date_order: str | None = None,
    on_bytes: Callable[[int], None] | None = None,
) -> Reading:
    """Read one source into a Parquet file in `target_dir`, named by its content.

    `encoding` is used for files that have no byte order mark; `date_order` (mdy or dmy) only where nothing in a file
    tells day from month; `on_bytes` hears how many bytes were just read. A file that is no export, or cannot be used,
    is a Reading that says so; only a wrong argument raises (WrongUsage).
    """
    chosen = check_name(encoding) if encoding else None
    order = _order(date_order)
    try:
        head = _head(source)
        layout = _look(head, chosen, catalog, source.name)
        if layout is None:
            return Reading(source.name, size=source.size, why_unknown=why_unknown(head))
        if isinstance(layout, Problem):
            return Reading(source.name, size=source.size, problems=(layout,))
        target_dir.mkdir(parents=True, exist_ok=True)
        workdir = Path(tempfile.mkdtemp(prefix=".reading-", dir=target_dir))
        try:
            return _read_export(source, catalog, workdir, chosen, order, on_bytes)
        finally:
            shutil.rmtree(workdir, ignore_errors=True)
    except UNREADABLE as error:
        what = f"The file cannot be read: {getattr(error, 'strerror', None) or error}."
        problem = Problem(what, "Check its access rights or download it again.", source.name)
        return Reading(source.name, size=source.size, problems=(problem,))


def parquet_name(sha256: str, report_id: str, catalog: Catalog, encoding: str | None, date_order: str | None) -> str:
    """The name under which a content of this hash is kept once it is read in this way by this version."""
    how = "\n".join((reader_version(), catalog.digests[report_id], encoding or "", date_order or ""))
    return f"{sha256}-{hashlib.sha256(how.encode()).hexdigest()[:12]}.parquet"


@cache
def reader_version() -> str:
    """A hash of this package's own code: whatever changes reading changes the names of what was read."""
    digest = hashlib.sha256()
    for part in sorted(files(__package__ or "").iterdir(), key=lambda f: f.name):
        if part.name.endswith(".py"):
            digest.update(part.read_bytes())
    return digest.hexdigest()[:12]


def sha256_of(source: Source) -> str:
    """The hash of the source's unpacked bytes, as in Reading.sha256. Raises what opening and reading it raises."""
    digest = hashlib.sha256()
    with source.open() as stream:
        for chunk in chunks_of(stream):
            digest.update(chunk)
    return digest.hexdigest()


def _order(text: str | None) -> DateOrder | None:
    match text:
        case None | "":
            return None
        case "mdy":
            return "mdy"
        case "dmy":
            return "dmy"
    raise WrongUsage(Problem(f"'{text}' is no order of day and month.", "Say mdy or dmy."))


def _head(source: Source) -> bytes:
    with source.open() as stream:
        parts: list[bytes] = []
        while (missing := HEAD - sum(map(len, parts))) and (part := stream.read(missing)):
            parts.append(part)
    return b"".join(parts)


def _look(head: bytes, encoding: str | None, catalog: Catalog, name: str) -> Layout | Problem | None:
    text = "".join(decoded((head,), encoding or guess(head)))
    lines = text.split("\n") if "\n" in text else text.split("\r")
    numbered = ((n, line.rstrip("\r").removeprefix("\ufeff")) for n, line in enumerate(lines, 1))
    return find_header(numbered, catalog, name)


def _read_export(
    source: Source,
    catalog: Catalog,
    workdir: Path,
    encoding: str | None,
    order: DateOrder | None,
    on_bytes: Callable[[int], None] | None,
) -> Reading:
    text = take_in(source, workdir, encoding, on_bytes)
    layout = find_header(numbered_lines(text.path), catalog, source.name)
    if layout is None:
        return Reading(source.name, size=text.size, why_unknown="its header cannot be read in this encoding")
    if isinstance(layout, Problem):
        return Reading(source.name, size=text.size, problems=(layout,))
    known = _known(source, text, layout)
    if missing := layout.missing(source.name):
        return Reading(**known, problems=missing)  # type: ignore[arg-type]
    loaded = load(source.name, text.path, layout, workdir, order)
    parquet = workdir.parent / parquet_name(text.sha256, layout.report.id, catalog, encoding, order)
    (workdir / ROWS).replace(parquet)
    return Reading(**known, **loaded, parquet=parquet)  # type: ignore[arg-type]


def _known(source: Source, text: Text, layout: Layout) -> dict[str, object]:
    return {
        "name": source.name,
        "sha256": text.sha256,
        "size": text.size,
        "report_id": layout.report.id,
        "encoding": text.encoding,
        "delimiter": layout.delimiter,
        "line_end": text.eol,
        "header_line": layout.line,
        "header": layout.header.cells,
        "columns": tuple(n for n in layout.report.columns if n in layout.places or n in layout.above),
    }
