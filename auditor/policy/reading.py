"""Reads the policy folder: every file checked, every fault named with file, line, table and key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError

from auditor.model import Problem
from auditor.policy.errors import PolicyError
from auditor.policy.marketplaces import OTHER, Marketplace
from auditor.policy.policy import Policy
from auditor.policy.rows import Cap, DatedRow, FeeChange, ValueBasis, Window
from auditor.policy.tables import Place, PolicyFile
from auditor.policy.timeline import Row, Timeline

_LINE = re.compile(r"at line (\d+)")


@dataclass(slots=True)
class _Contents:
    windows: list[Window] = field(default_factory=list)
    bases: list[ValueBasis] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    fee_changes: list[FeeChange] = field(default_factory=list)
    marketplaces: list[Marketplace] = field(default_factory=list)

    def add(self, parsed: PolicyFile, name: str, text: str) -> None:
        def place(table: str, index: int) -> Place:
            return Place(file=name, line=_table_line(text, table, index), checked=parsed.checked)

        for i, window in enumerate(parsed.window):
            self.windows += window.rows(place("window", i))
        for i, basis in enumerate(parsed.basis):
            self.bases += basis.rows(place("basis", i))
        for i, cap in enumerate(parsed.cap):
            self.caps += cap.rows(place("cap", i))
        for i, change in enumerate(parsed.fee_change):
            self.fee_changes += change.rows(place("fee_change", i))
        for i, marketplace in enumerate(parsed.marketplace):
            self.marketplaces += marketplace.rows(place("marketplace", i))

    def dated(self) -> tuple[DatedRow, ...]:
        return (*self.windows, *self.bases, *self.caps, *self.fee_changes)


def load_policy(folder: Path | None = None) -> Policy:
    """The packaged policy, or the one in `folder`, which replaces it entirely.

    Every *.toml file directly in the folder is read. Raises PolicyError with all faults found: a file that
    is no TOML, an unknown or missing key, a bad date, a row without a source, rows that overlap. The packaged one is
    read once a process.
    """
    return _packaged() if folder is None else _load(folder)


@cache
def _packaged() -> Policy:
    return _load(None)


def _load(folder: Path | None) -> Policy:
    contents = _Contents()
    problems: list[Problem] = []
    for name, entry in _policy_files(folder):
        problems += _read_into(contents, name, entry)
    problems = problems or [*_contradictions(contents, folder)]
    if problems:
        raise PolicyError(*problems)
    newest = max(row.checked for row in contents.dated())
    return Policy(
        contents.windows, contents.bases, contents.caps, contents.marketplaces, newest, fee_changes=contents.fee_changes
    )


def _policy_files(folder: Path | None) -> list[tuple[str, Traversable]]:
    if folder is None:
        source: Traversable = files("auditor.rules") / "policy"
        prefix = "rules/policy"
    elif folder.is_dir():
        source, prefix = folder, folder.as_posix()
    else:
        raise PolicyError(Problem(f"{folder} is no folder.", "Name a folder with policy files (*.toml)."))
    found = [entry for entry in source.iterdir() if entry.name.endswith(".toml") and entry.is_file()]
    return [(f"{prefix}/{entry.name}", entry) for entry in sorted(found, key=lambda entry: entry.name)]


def _read_into(contents: _Contents, name: str, entry: Traversable) -> Iterator[Problem]:
    try:
        text = entry.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        data = tomllib.loads(text)
    except UnicodeDecodeError:
        yield Problem("this file is not UTF-8 text.", "Save it as UTF-8.", name)
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        remedy = "Mend it; dates read 2024-10-23 without quotes, text stands in quotes."
        yield Problem(f"this is no TOML: {error}.", remedy, name, int(line[1]) if line else None)
    else:
        try:
            contents.add(PolicyFile.model_validate(data), name, text)
        except ValidationError as invalid:
            yield from (_fault(name, text, error["loc"], error["msg"]) for error in invalid.errors())


def _fault(name: str, text: str, loc: tuple[int | str, ...], message: str) -> Problem:
    """A fault at `loc`, which reads like ("window", 3, "limit")."""
    message = message.removeprefix("Value error, ")
    match loc:
        case (str(table), int(index), *rest):
            key = str(rest[0]) if rest else ""
            where = f"[[{table}]] table {index + 1}" + (f", key {key}" if key else "")
            line = _key_line(text, _table_line(text, table, index), key)
        case (key, *_):
            where, line = f"key {key}", _key_line(text, 1, str(key))
        case _:
            where, line = "the whole file", 1
    return Problem(f"{where}: {message}.", "", name, line)


def _table_line(text: str, table: str, index: int) -> int:
    """The line of the index-th [[table]]; 1 when it is written in another way."""
    header = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
    lines = [number for number, line in enumerate(text.split("\n"), 1) if header.match(line)]
    return lines[index] if index < len(lines) else 1


def _key_line(text: str, start: int, key: str) -> int:
    """The line of a key in the table that begins at `start`; the table's own line when the key is missing."""
    for number, line in enumerate(text.split("\n")[start:], start + 1):
        if line.lstrip().startswith("["):
            break
        if key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
    return start


def _contradictions(contents: _Contents, folder: Path | None) -> Iterator[Problem]:
    """What no file shows on its own: nothing at all, names that nobody knows, rows that overlap."""
    if not contents.windows or not contents.marketplaces:
        missing = "[[window]]" if not contents.windows else "[[marketplace]]"
        what = f"no file in {folder or 'rules/policy'} holds a {missing} table."
        yield Problem(what, "A policy folder replaces the built-in policy: copy rules/policy and change the copy.")
    known = {OTHER, *(m.code for m in contents.marketplaces), *(m.region for m in contents.marketplaces)}
    for row in contents.dated():
        if row.region not in known:
            yield Problem(f"no [[marketplace]] has the region {row.region}.", "Correct it.", row.file, row.line)
    yield from _same_name_twice(contents.marketplaces)
    yield from _overlaps(contents.windows)
    yield from _overlaps(contents.bases)
    yield from _overlaps(contents.caps)


def _overlaps(rows: Iterable[Row]) -> Iterator[Problem]:
    return Timeline(rows).overlaps()


def _same_name_twice(marketplaces: list[Marketplace]) -> Iterator[Problem]:
    seen: dict[str, Marketplace] = {}
    for marketplace in marketplaces:
        for name in marketplace.names:
            if name in seen:
                what = f"{marketplace.code} is named {name}, and so is {seen[name].code}."
                yield Problem(what, "One name means one marketplace.", marketplace.file, marketplace.line)
            seen[name] = marketplace
