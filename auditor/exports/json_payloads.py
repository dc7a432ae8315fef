"""SP-API payloads as tables: each object of a payload's list is a row, its keys are the header.

Taken are whole responses, bare payloads and bare lists, one page or several in a file, also as JSON lines. An object's
number is the line it begins on; where objects share lines, as in a file of one line, it is its place among them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.model import Problem

from .catalog import Catalog, two_claims
from .header import Layout
from .layout import Report
from .names import Header
from .prepared import Prepared, write_rows

MAX_JSON = 16 * 1024**2
MOST_VALUES = 200_000
_MAX_OBJECT = 1024**2
_DEEPEST = 6
_MOST_KEYS = 100
_MOST_KEYS_OF_ONE = 1_000
_DEEPEST_SKIPPED = 50
_OPENS = re.compile(r"[\s\ufeff]*[\[{]")
_BLANK = re.compile(r"[\s,]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
#: An object that holds nothing but plain values: most are found at once.
_FLAT = re.compile(r'\{(?:[^{}\[\]"]++|"(?:[^"\\]|\\.)*+")*+\}', re.DOTALL)
_SCALAR = re.compile(r"[^\s,\[\]{}]+")


def is_json(head: str) -> bool:
    """Whether the text begins like a JSON object or list."""
    return _OPENS.match(head) is not None


def read_payload(path: Path, catalog: Catalog, target: Path, file: str) -> Prepared | Problem | str:
    """The objects of the UTF-8 JSON at `path` as lines of text in `target`; else a problem, or why it is unknown."""
    if path.stat().st_size > MAX_JSON:
        return f"JSON of more than {MAX_JSON // 1024**2} MB: split it"
    text = path.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff")
    reports = [report for report in catalog.reports.values() if report.kind == "json"]
    walk = _Walk(text, reports)
    objects = list(walk.objects())
    if walk.why:
        return _unread(walk.why, text, reports, file)
    header = Header(tuple(dict.fromkeys(key for found in objects for key in found.cells)))
    report = _report(walk.lists, header, reports, catalog, file)
    if not isinstance(report, Report):
        return report
    header = _useful(header, report) if objects else Header([c.names[0] for c in report.columns.values() if c.names])
    layout = Layout(report, header, 0, "\t", {})
    lines = _numbered(objects, text)
    kept, repeated = _newest(zip(lines, objects, strict=True), layout)
    write_rows(target, ((n, [found.cells.get(key, "") for key in header.cells]) for n, found in kept))
    return Prepared(target, layout, problems=(*_large(walk.too_large, file), *_repeats(repeated, file)))


@dataclass(frozen=True, slots=True)
class _Object:
    """A leaf object: where it begins in the text, the list it stands in, and its plain values as text by key."""

    start: int
    cells: dict[str, str]


class _Walk:
    """Finds the objects of a payload's lists without taking anything else apart.

    `why` says where it stopped before the end; `too_large` counts objects that were passed over.
    """

    def __init__(self, text: str, reports: Sequence[Report]) -> None:
        self._text = text
        self._ways = {key for report in reports for key in report.list_path}
        self._list_names = {report.list_path[-1] for report in reports}
        self._place = self._seen = 0
        self.lists: set[str] = set()
        self.why = ""
        self.too_large = 0

    def objects(self) -> Iterator[_Object]:
        """Every leaf object, in the order of the text."""
        try:
            while self._next():
                yield from self._value(_DEEPEST)
        except ValueError as error:
            self.why = str(error) if isinstance(error, _Stopped) else "it is broken or cut off"

    def _value(self, deeper: int) -> Iterator[_Object]:
        """The objects in the value that begins here; afterwards the place is its end."""
        self._seen += 1
        if not deeper or self._seen > MOST_VALUES:
            raise _Stopped("it is nested too deep" if not deeper else f"it holds more than {MOST_VALUES:,} values")
        match self._next():
            case "[":
                self._place += 1
                while self._next() != "]":
                    yield from self._value(deeper - 1)
                self._place += 1
            case "{":
                yield from self._object(deeper)
            case _:
                self._skip()

    def _object(self, deeper: int) -> Iterator[_Object]:
        start = self._place
        if flat := _FLAT.match(self._text, start):
            self._place = flat.end()
            yield from self._leaf(start)
            return
        self._place += 1
        leaf = True
        keys = 0
        while self._next() != "}":
            keys += 1
            if keys > _MOST_KEYS_OF_ONE:
                raise _Stopped(f"an object has more than {_MOST_KEYS_OF_ONE:,} keys")
            key = self._key()
            if key in self._ways:
                leaf = False
                self.lists |= {key} & self._list_names
                yield from self._value(deeper - 1)
            else:
                self._skip()
        self._place += 1
        if leaf:
            yield from self._leaf(start)

    def _leaf(self, start: int) -> Iterator[_Object]:
        """The object from `start` to here, unless it is too large."""
        if self._place - start > _MAX_OBJECT:
            self.too_large += 1
            return
        values = json.loads(self._text[start : self._place], parse_float=str, parse_int=str)
        cells = {key: _cell(value) for key, value in values.items() if not isinstance(value, dict | list)}
        yield _Object(start, cells)

    def _key(self) -> str:
        start = self._place
        self._skip()
        key = str(json.loads(self._text[start : self._place]))
        if self._next() != ":":
            raise ValueError("no value after a key")
        self._place += 1
        self._next()
        return key

    def _next(self) -> str:
        """The first character of what comes next; none at the end of the text."""
        if match := _BLANK.match(self._text, self._place):
            self._place = match.end()
        return self._text[self._place : self._place + 1]

    def _skip(self) -> None:
        """Go to the end of the value that begins here, without building it. Raises ValueError when it has none."""
        if self._text[self._place : self._place + 1] not in {"{", "[", '"'}:
            scalar = _SCALAR.match(self._text, self._place)
            if scalar is None:
                raise ValueError("no value")
            self._place = scalar.end()
            return
        depth = 0
        for token in _TOKEN.finditer(self._text, self._place):
            mark = token.group()[0]
            if mark != '"':
                depth += 1 if mark in "{[" else -1
            if depth == 0 or depth > _DEEPEST_SKIPPED:
                break
        else:
            raise ValueError("the text ends in the middle of a value")
        if depth:
            raise _Stopped("it is nested too deep")
        self._place = token.end()


class _Stopped(ValueError):  # noqa: N818 - named for what happened
    """The text is no payload that anybody saved."""


def _unread(why: str, text: str, reports: Sequence[Report], file: str) -> Problem | str:
    """What is left of a text that cannot be taken apart: a problem when it names a payload's list."""
    if not any(f'"{report.list_path[-1]}"' in text for report in reports):
        return f"JSON that cannot be read: {why}"
    return Problem(f"The JSON cannot be read: {why}.", "Save the whole response again, each page as a file.", file)


def _large(count: int, file: str) -> list[Problem]:
    if not count:
        return []
    return [Problem(f"{count} objects of more than 1 MB are not read.", "Save the payload as the API gives it.", file)]


def _cell(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _report(
    lists: set[str], header: Header, reports: Sequence[Report], catalog: Catalog, file: str
) -> Report | Problem | str:
    """The report that the lists' names state, else the one whose keys are there."""
    named = [report for report in reports if report.list_path[-1] in lists]
    found = named or catalog.matching(header, "json")
    if len(named) > 1:
        names = " and ".join(report.list_path[-1] for report in named)
        return Problem(f"The file holds {names}.", "Save each payload as a file of its own.", file)
    if len(found) > 1:
        return two_claims(found, file)
    return found[0] if found else "JSON of no known payload"


def _useful(header: Header, report: Report) -> Header:
    """The keys, of very many only those that the catalog knows: each key is a cell of every row."""
    if len(header.cells) <= _MOST_KEYS:
        return header
    known = report.visible(header) | set(report.places(header).values())
    return Header([header.cells[place] for place in sorted(known)])


def _numbered(objects: Sequence[_Object], text: str) -> list[int]:
    lines, line, place = [], 1, 0
    for found in objects:
        line += text.count("\n", place, found.start)
        place = found.start
        lines.append(line)
    return lines if len(set(lines)) == len(lines) else list(range(1, len(lines) + 1))


def _newest(numbered: Iterable[tuple[int, _Object]], layout: Layout) -> tuple[list[tuple[int, _Object]], int]:
    """Pages of one request overlap: of objects with the same key the last one stays. Also how many did not."""
    names = [layout.header.cells[layout.places[c]] for c in layout.report.fold.identity if c in layout.places]
    kept: dict[tuple[object, ...], tuple[int, _Object]] = {}
    count = 0
    for line, found in numbered:
        count += 1
        key: tuple[object, ...] = tuple(found.cells.get(name, "") for name in names)
        kept[key if key and key[0] else (line,)] = (line, found)
    return sorted(kept.values(), key=lambda item: item[0]), count - len(kept)


def _repeats(count: int, file: str) -> list[Problem]:
    if not count:
        return []
    return [Problem(f"{count} objects stand twice in the file; of each the last one counts.", "", file)]
