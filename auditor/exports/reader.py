"""Read one source: recognise it, type its rows, write them as Parquet, and say what did not fit."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

from auditor.model import Problem, WrongUsage

from .catalog import Catalog
from .encodings import check_name, decoded, guess
from .forms import form_of, prepare
from .header import Layout, find_header
from .intake import Text, take_bytes, take_in
from .layout import DateOrder
from .load import ROWS, load
from .prepared import Prepared
from .reading import Form, Reading
from .records import numbered_lines
from .sources import UNREADABLE, Source, changed
from .strangers import why_unknown
from .table import HopelessFileError

HEAD = 1 << 18
#: How the names of the folders begin in which files are read; the process that reads follows.
WORKING = ".reading-"


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
        reading = _read(source, catalog, target_dir, chosen, order, on_bytes)
    except UNREADABLE as error:
        what = f"The file cannot be read: {getattr(error, 'strerror', None) or error}."
        problem = Problem(what, "Check its access rights or download it again.", source.name)
        reading = Reading(source.name, size=source.size, problems=(problem,))
    except Exception:
        # A file that changes under a reader's hands may break it in any way; one that stays shows a bug.
        if not source.changed():
            raise
        return _changed(source)
    return _changed(source) if source.changed() else reading


def _read(
    source: Source,
    catalog: Catalog,
    target_dir: Path,
    encoding: str | None,
    order: DateOrder | None,
    on_bytes: Callable[[int], None] | None,
) -> Reading:
    head = _head(source)
    form = form_of(head, encoding)
    layout = _look(head, encoding, catalog, source.name) if form == "text" else None
    if form == "text" and layout is None:
        return Reading(source.name, size=source.size, why_unknown=why_unknown(head))
    if isinstance(layout, Problem):
        return Reading(source.name, size=source.size, problems=(layout,))
    target_dir.mkdir(parents=True, exist_ok=True)
    workdir = Path(tempfile.mkdtemp(prefix=f"{WORKING}{os.getpid()}-", dir=target_dir))
    try:
        taking = _Taking(source, catalog, workdir, encoding, order)
        return taking.text(on_bytes) if form == "text" else taking.other(form, head, on_bytes)
    finally:
        shutil.rmtree(workdir, ignore_errors=True)


def _changed(source: Source) -> Reading:
    return Reading(source.name, size=source.size, problems=(changed(source.name),))


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


@dataclass(frozen=True, slots=True)
class _Taking:
    """One source on its way into Parquet."""

    source: Source
    catalog: Catalog
    workdir: Path
    encoding: str | None
    order: DateOrder | None

    def text(self, on_bytes: Callable[[int], None] | None) -> Reading:
        """Read lines of text."""
        name = self.source.name
        text = take_in(self.source, self.workdir, self.encoding, on_bytes)
        layout = find_header(numbered_lines(text.path), self.catalog, name)
        if layout is None:
            return Reading(name, size=text.size, why_unknown="its header cannot be read in this encoding")
        if isinstance(layout, Problem):
            return Reading(name, size=text.size, problems=(layout,))
        return self._loaded(text, Prepared(text.path, layout), "text")

    def other(self, form: Form, head: bytes, on_bytes: Callable[[int], None] | None) -> Reading:
        """Read the rows of a workbook or a JSON payload."""
        name = self.source.name
        taken = take_in(self.source, self.workdir, self.encoding, on_bytes) if form == "json" else None
        text = taken or take_bytes(self.source, self.workdir, on_bytes)
        found = prepare(form, text.path, self.catalog, self.workdir, name)
        if isinstance(found, str):
            return Reading(name, size=text.size, why_unknown=found or why_unknown(head))
        if isinstance(found, Problem):
            return Reading(name, size=text.size, problems=(found,))
        return self._loaded(text, found, form)

    def _loaded(self, text: Text, found: Prepared, form: Form) -> Reading:
        known = _known(self.source, text, found, form)
        if missing := found.layout.missing(self.source.name):
            return replace(known, problems=missing)
        try:
            loaded = load(known, found.path, found.layout, self.workdir, self.order)
        except HopelessFileError as error:
            return replace(known, problems=(error.problem(self.source.name),))
        report = found.layout.report.id
        parquet = self.workdir.parent / parquet_name(text.sha256, report, self.catalog, self.encoding, self.order)
        (self.workdir / ROWS).replace(parquet)
        return replace(loaded, problems=(*found.problems, *loaded.problems), parquet=parquet)


def _known(source: Source, text: Text, found: Prepared, form: Form) -> Reading:
    """What is known of a recognised file before its rows are read."""
    layout = found.layout
    places = layout.places
    return Reading(
        name=source.name,
        sha256=text.sha256,
        size=text.size,
        report_id=layout.report.id,
        encoding="xlsx" if form == "workbook" else text.encoding,
        delimiter=layout.delimiter if form == "text" else "",
        form=form,
        sheet=found.sheet,
        line_end=text.eol,
        header_line=layout.line,
        header=layout.header.cells,
        columns=tuple(n for n in layout.report.columns if n in places or n in layout.above),
    )
