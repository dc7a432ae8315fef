"""The command that shows a source row in the original export."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from typing import Any

from auditor.model import EvidenceRow
from auditor.publish.cells import one_line
from auditor.publish.manifest import entries

_ZIP_MEMBER = re.compile(r"(.+?\.zip)/(.+)", re.IGNORECASE)
_READABLE = {"", "utf-8", "utf-8-sig", "utf8", "ascii"}


def look_command(row: EvidenceRow, manifest: Mapping[str, Any]) -> str:
    """A shell command that prints the row's line, run from the folder of the exports; "" when none is safe."""
    if not row.file or row.line < 1 or one_line(row.file) != row.file:
        return ""
    encoding = next((str(entry.get("encoding") or "") for entry in _inputs(row, manifest)), "").lower()
    to_text = "" if encoding in _READABLE else f"iconv -f {shlex.quote(_iconv_name(encoding))} -t UTF-8"
    pick = f"sed -n {row.line}p"
    if to_text and encoding.startswith("utf-16"):
        return f"{_opened(row.file) or 'cat ' + _quoted(row.file)} | {to_text} | {pick}"  # its lines are no byte lines
    opened = _opened(row.file)
    shown = f"{opened} | {pick}" if opened else f"{pick} {_quoted(row.file)}"
    return f"{shown} | {to_text}" if to_text else shown


def _opened(file: str) -> str:
    """The command that unpacks the file; "" when it lies there as it is."""
    if member := _ZIP_MEMBER.fullmatch(file):
        return f"unzip -p {_quoted(member[1])} {shlex.quote(member[2])}"
    return f"gzip -dc {_quoted(file)}" if file.lower().endswith(".gz") else ""


def _quoted(file: str) -> str:
    return shlex.quote(f"./{file}" if file.startswith("-") else file)


def _inputs(row: EvidenceRow, manifest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entry for entry in entries(manifest, "inputs") if entry.get("file") == row.file]


def _iconv_name(encoding: str) -> str:
    return encoding.upper().replace("_", "-")
