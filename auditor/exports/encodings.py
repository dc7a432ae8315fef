"""Which encoding a file is in, and its text as UTF-8.

Order of trust: a byte order mark, strict UTF-8, Japanese cp932 when it decodes and reads like Japanese, else cp1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from auditor.model import Problem, WrongUsage

UTF8 = "utf-8"
UTF8_MARK = "utf-8-sig"
CP1252 = "cp1252"
CP932 = "cp932"

_MARKS = ((codecs.BOM_UTF8, UTF8_MARK), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Windows leaves five bytes undefined; they keep their number instead of failing.
_CP1252_TABLE = "".join(
    chr(b) if b in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes((b,)).decode(CP1252) for b in range(256)
)

#: Bytes among which UTF-16 shows; of its characters at least one in so many is plain (a digit, a comma, a tab), and NUL
#: bytes on the other side are so many times fewer: an ideographic space has one.
LOOKED_AT = 4096
_PLAIN, _CLEAR = 12, 10
#: Characters after which the language is clear; the rest must only decode.
_ENOUGH = 10_000
_WIDE = "\u3005\u3041-\u30ff\u4e00-\u9fff\uff01-\uff5e"
_RUN = re.compile(f"[{_WIDE}]+")
_NARROW_RUN = re.compile("[\uff61-\uff9f]+")
_KANA = re.compile("[\u3041-\u30ff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def marked(head: bytes) -> str | None:
    """The encoding that a byte order mark states, or that NUL bytes beside every plain letter give away."""
    stated = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    pairs = min(len(head), LOOKED_AT) // 2
    if stated or pairs < 2 or b"\0" not in head[: 2 * pairs]:
        return stated
    first, second = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if max(first, second) < pairs / _PLAIN or min(first, second) > max(first, second) / _CLEAR:
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def check_name(encoding: str) -> str:
    """The codec's own name. Raises WrongUsage for one that Python does not know."""
    try:
        codec = codecs.lookup(encoding)
        "".encode(codec.name)
    except (LookupError, ValueError) as error:
        raise WrongUsage(
            Problem(f"'{encoding}' is no known encoding.", "Try utf-8, cp1252, cp932 or gb18030.")
        ) from error
    return codec.name


class Utf8Check:
    """Watches bytes go by and knows whether all of them were UTF-8.

    `cut` tells that only the last character is incomplete: the file ends in the middle of it.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder(UTF8)()
        self.valid = True
        self.cut = False

    def feed(self, data: bytes, final: bool = False) -> None:
        """Look at the next bytes; `final` once there are no more."""
        if not self.valid or (data.isascii() and not final and not self._decoder.getstate()[0]):
            return
        try:
            self._decoder.decode(data)
        except UnicodeDecodeError:
            self.valid = False
            return
        if final:
            self.cut = bool(self._decoder.getstate()[0])


def legacy(chunks: Iterable[bytes]) -> str:
    """cp932 or cp1252, for bytes that are not UTF-8."""
    decoder = codecs.getincrementaldecoder(CP932)()
    hits = misses = 0
    try:
        for chunk in chunks:
            text = decoder.decode(chunk)
            if hits + misses < _ENOUGH:
                got, missed = _japanese(text)
                hits, misses = hits + got, misses + missed
    except UnicodeDecodeError:
        return CP1252
    return CP932 if hits > 2 * misses else CP1252


def _japanese(text: str) -> tuple[int, int]:
    """Characters that read like Japanese, and those that look like another alphabet's letters misread.

    cp1252 text often decodes as cp932 by accident: an accented letter swallows its neighbour and becomes one kanji
    between Latin letters, a sign such as (R) becomes one narrow kana.
    """
    hits = 0
    misses = len(_PRIVATE.findall(text))
    for run in _RUN.finditer(text):
        word = run.group()
        inside_latin = _latin(text, run.start() - 1) or _latin(text, run.end())
        if _KANA.search(word) or len(word) >= 3 or not inside_latin:
            hits += len(word)
        else:
            misses += len(word)
    for run in _NARROW_RUN.finditer(text):
        if len(run.group()) >= 3:
            hits += len(run.group())
        else:
            misses += len(run.group())
    return hits, misses


def _latin(text: str, place: int) -> bool:
    return 0 <= place < len(text) and text[place].isascii() and text[place].isalpha()


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    """The text of the bytes, chunk by chunk; what cannot be decoded becomes U+FFFD, never an error."""
    if encoding == CP1252:
        yield from (codecs.charmap_decode(chunk, "strict", _CP1252_TABLE)[0] for chunk in chunks)
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def bytewise(encoding: str) -> bool:
    """Whether lines can be told apart in the bytes themselves."""
    return "\n".encode(encoding.removesuffix("-sig")) == b"\n"


def decode(data: bytes, encoding: str) -> str:
    """The text of a whole line or cell in a byte-wise encoding."""
    return "".join(decoded((data,), encoding))


def is_text(head: bytes) -> bool:
    """Whether the first bytes can be text at all."""
    return marked(head) is not None or b"\0" not in head


def guess(head: bytes) -> str:
    """The encoding that the first bytes suggest, good enough to look for a header."""
    if mark := marked(head):
        return mark
    check = Utf8Check()
    check.feed(head)
    return UTF8 if check.valid else legacy([head])
