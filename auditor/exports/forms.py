"""Files that are no lines of text: which form a file has, and its rows as lines all the same."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from auditor.model import Problem

from .catalog import Catalog
from .encodings import decoded, guess
from .json_payloads import is_json, read_payload
from .prepared import Prepared
from .reading import Form
from .workbook_limits import is_workbook
from .workbooks import read_workbook

LINES = "lines"
_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def form_of(head: bytes, encoding: str | None) -> Form:
    """What the first bytes say the file is made of; whether a `workbook` is one shows once it is there as a whole."""
    if head.startswith(_PACKED):
        return "workbook"
    start = "".join(decoded((head[:1024],), encoding or guess(head[:1024])))
    return "json" if is_json(start) else "text"


def prepare(form: Form, path: Path, catalog: Catalog, workdir: Path, file: str) -> Prepared | Problem | str:
    """The rows of a workbook or of UTF-8 JSON text as lines in `workdir`; else a problem, or why it is unknown.

    Blank when nothing more is known of it than its first bytes say. Raises OSError.
    """
    if form == "json":
        return read_payload(path, catalog, workdir / LINES, file)
    try:
        return read_workbook(path, catalog, workdir / LINES, file) if is_workbook(path) else ""
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return Problem(
            "It begins like a workbook or an archive, and is damaged or cut off.", "Download it again.", file
        )
