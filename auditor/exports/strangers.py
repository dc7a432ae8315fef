"""Why a file that no report recognises is left alone, in a few words."""

from __future__ import annotations

from codecs import BOM_UTF8

from .encodings import is_text

_KINDS = (
    (b"PK\x03\x04", "an office document or an archive within an archive: save it as .csv, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old office document: save it as .xlsx or .csv"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"7z\xbc\xaf", "a 7z archive: unpack it"),
    (b"Rar!", "a RAR archive: unpack it"),
    (b"\x1f\x8b", "an archive within an archive: unpack it"),
)


def why_unknown(head: bytes) -> str:
    """What the first bytes say about a file without a known header."""
    if not head.removeprefix(BOM_UTF8).strip():
        return "empty"
    for magic, kind in _KINDS:
        if head.startswith(magic):
            return kind
    if not is_text(head):
        return "no text"
    return "no header of a known report in its first 50 lines"
