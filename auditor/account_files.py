"""The files of one account: read or refused, the day they speak for, their marketplace, what is doubtful in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from auditor.exports.catalog import Catalog
from auditor.exports.cells import DAMAGED_BY_SPREADSHEET
from auditor.exports.sources import Source, find_sources
from auditor.model import DataRefused, Problem, WrongUsage
from auditor.policy import Policy
from auditor.request import Request
from auditor.store.gate import refuse_unreadable
from auditor.store.reading import ReadExport, read_exports
from auditor.store.tables import Tables

DOWNLOAD_UNTOUCHED = "Download this export again; do not save it from a spreadsheet."


def read_folder(request: Request, catalog: Catalog) -> list[ReadExport]:
    """Read everything under the paths and refuse what cannot be judged."""
    found = find_sources(request.paths)
    request.on_step("reading the exports")
    exports = read_exports(wanted(found.sources, request), catalog, request.workspace, request.how, request.progress)
    refuse_unreadable(exports, found.problems)
    return exports


def wanted(sources: Sequence[Source], request: Request) -> list[Source]:
    """The sources without those in folders that are to be left out, the workspace among them."""
    folders = [folder.resolve() for folder in (*request.leave_out, request.workspace.folder)]
    return [s for s in sources if not any(s.path.resolve().is_relative_to(folder) for folder in folders)]


def as_of_day(exports: Sequence[ReadExport], asked: date | None) -> tuple[date, str]:
    """The day the audit speaks for, and where it comes from: the caller, else the newest event row."""
    if asked is not None:
        return asked, "--as-of"
    days = [export.reading.newest_event for export in exports if export.reading.newest_event]
    if not days:
        remedy = "Export a longer period, or name the day with --as-of."
        raise DataRefused(Problem("the exports hold no dated row.", remedy))
    return max(days), "newest date in the exports"


def home_marketplace(tables: Tables, policy: Policy, asked: str | None) -> str | None:
    """The marketplace for rows that name none: the caller's, else the only one that the ledger shows."""
    if asked:
        marketplace = policy.marketplace_of(asked)
        if marketplace is None:
            known = ", ".join(sorted(policy.marketplaces))
            raise WrongUsage(Problem(f"--marketplace {asked} is not a marketplace.", f"Use one of: {known}."))
        return marketplace
    countries = tables.con.execute("select distinct country from ledger where country is not null").fetchall()
    seen = {policy.marketplace_of(country) for (country,) in countries}
    return next(iter(seen)) if len(seen) == 1 else None


def reading_doubts(exports: Sequence[ReadExport]) -> list[Problem]:
    """What is wrong with files that could be read all the same."""
    doubts: list[Problem] = []
    for reading in (e.reading for e in exports if e.reading.parquet and not e.same_as):
        doubts += reading.problems
        cut = [reject for reject in reading.rejects if reject.reason.startswith(DAMAGED_BY_SPREADSHEET)]
        if cut:
            what = f"a spreadsheet has damaged {len(cut)} identifiers, the first in column {cut[0].column}."
            doubts.append(Problem(what, DOWNLOAD_UNTOUCHED, reading.name, cut[0].line))
    return doubts


def unread_keys(exports: Sequence[ReadExport]) -> frozenset[tuple[str, str]]:
    """Products and orders of rows that could not be read."""
    return frozenset(key for export in exports for key in export.reading.rejected_keys)
