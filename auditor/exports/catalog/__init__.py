"""The catalog of exports: one TOML file per report; adding a report is adding a file."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from auditor.exports.layout import Kind, Report
from auditor.exports.names import Header
from auditor.model import DataRefused, Problem, WrongUsage


@dataclass(frozen=True, slots=True)
class Catalog:
    """Reports by id; `digests` holds the content hash of each entry, for naming what was read with it."""

    reports: Mapping[str, Report]
    digests: Mapping[str, str]

    def matching(self, header: Header, kind: Kind = "text") -> list[Report]:
        """Every report of this kind whose fingerprint stands in the header."""
        return [report for report in self.reports.values() if report.kind == kind and report.recognises(header)]

    @property
    def tables(self) -> frozenset[str]:
        """The tables that the reports fill."""
        return frozenset(report.table for report in self.reports.values())

    def to_export(self, table: str) -> Report:
        """The report to ask for when a table is empty: one that Amazon still gives, as a file before a payload."""
        filling = [report for report in self.reports.values() if report.table == table]
        return min(filling, key=lambda r: (r.retired is not None, r.kind == "json", bool(r.part), r.id))

    def recognise(self, header_cells: Sequence[str]) -> Report | None:
        """The report that these header cells belong to, or None.

        Raises DataRefused, naming both, when two reports claim the header.
        """
        found = self.matching(Header(header_cells))
        if len(found) > 1:
            raise DataRefused(two_claims(found))
        return found[0] if found else None


def two_claims(reports: Sequence[Report], file: str = "") -> Problem:
    """The problem that a header fits more than one report."""
    names = " and ".join(f"'{r.title}' ({r.id})" for r in reports)
    return Problem(f"The header fits {names}.", "Make the fingerprint of one of them narrower.", file)


def load_catalog(extra: Path | None = None) -> Catalog:
    """Read the built-in entries and those of the folder `extra`, which add reports or replace one of the same id.

    Raises WrongUsage with file and key when an entry is not valid.
    """
    built_in = _built_in()
    if extra is None:
        return built_in
    added = _read(_entries(extra))
    catalog = Catalog({**built_in.reports, **added.reports}, {**built_in.digests, **added.digests})
    if problems := _disagreements(catalog):
        raise WrongUsage(*problems)
    return catalog


@cache
def _built_in() -> Catalog:
    return _read(_entries(files(__name__)))


def _read(entries: Iterable[Traversable]) -> Catalog:
    reports: dict[str, Report] = {}
    digests: dict[str, str] = {}
    for entry in entries:
        content = entry.read_bytes()
        report = _report(content, entry.name)
        reports[report.id] = report
        digests[report.id] = hashlib.sha256(content).hexdigest()
    return Catalog(reports, digests)


def _disagreements(catalog: Catalog) -> list[Problem]:
    """Reports that fill the same table with other columns than the first of them does."""
    first: dict[str, Report] = {}
    problems = []
    for report in catalog.reports.values():
        model = first.setdefault(report.table, report)
        mine, theirs = ({(n, c.type) for n, c in r.columns.items()} for r in (report, model))
        if mine != theirs:
            names = ", ".join(sorted({name for name, _ in mine ^ theirs}))
            what = f"{report.id} and {model.id} fill the table {report.table} and differ in its columns: {names}."
            problems.append(Problem(what, "Give both the same ones; a column that a report lacks is `absent = true`."))
    return problems


def _entries(folder: Traversable | Path | None) -> list[Traversable]:
    if folder is None:
        return []
    if not folder.is_dir():
        raise WrongUsage(Problem("There is no such catalog folder.", "Give a folder of .toml files.", folder.name))
    return sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)


def _report(content: bytes, name: str) -> Report:
    try:
        return Report.model_validate(tomllib.loads(content.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUsage(Problem(f"The entry is not valid TOML: {error}.", "Mend the file.", name)) from error
    except ValidationError as error:
        raise WrongUsage(*(_complaint(detail, name) for detail in error.errors())) from error


def _complaint(detail: ErrorDetails, name: str) -> Problem:
    key = ".".join(str(part) for part in detail["loc"]) or "entry"
    return Problem(f"{key}: {detail['msg']}.", "Compare with a built-in entry of the catalog.", name)
