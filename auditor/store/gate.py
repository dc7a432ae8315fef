"""The data gate: what must not be judged is refused, with what, where and the remedy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import duckdb

from auditor.exports.reading import Reading
from auditor.model import DataRefused, Problem
from auditor.policy import Policy
from auditor.store.database import glance
from auditor.store.reading import ReadExport

REJECTED_ROWS_LIMIT = 20
REJECTED_SHARE_LIMIT = 0.10
FEWEST_ROWS = 3
SKUS_TO_TELL_ACCOUNTS_APART = 50
MARKETPLACE_COLUMNS = ("country", "marketplace", "marketplace_name", "sales_channel")
#: The seller's own files may state their costs in any currency.
OWN_FILES = frozenset({"costs"})
ONE_FOLDER_EACH = "Put the exports of each account into a folder of its own and audit them one by one."
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Look:
    """A look into what was read, before any table is built."""

    con: duckdb.DuckDBPyConnection

    def distinct(self, column: str, reading: Reading) -> list[str]:
        """The values of a column in one export; none when the export has no such column."""
        if column not in reading.columns:
            return []
        query = f"select distinct {column} from read_parquet(?) where {column} is not null order by all"
        return [row[0] for row in self.con.execute(query, [str(reading.parquet)]).fetchall()]

    def currencies(self, reading: Reading) -> list[tuple[str, str | None]]:
        """The currencies of one export, each with the sales channels of its rows (None: the export has none)."""
        if "currency" not in reading.columns:
            return []
        channel = "sales_channel" if "sales_channel" in reading.columns else "null::varchar"
        query = (
            f"select distinct upper(currency), {channel} from read_parquet(?) where currency is not null order by all"
        )
        return self.con.execute(query, [str(reading.parquet)]).fetchall()


def refuse_unreadable(exports: Sequence[ReadExport], problems: Iterable[Problem]) -> None:
    """Raise DataRefused when a file cannot be read, nothing can be read, or too many rows were rejected."""
    broken = [*problems, *(problem for e in exports if e.reading.refused for problem in e.reading.problems)]
    if broken:
        raise DataRefused(*broken)
    if not exports:
        raise DataRefused(
            Problem("there are no files under the given paths.", "Put the exports there, or check the path.")
        )
    known = [export.reading for export in exports if export.reading.report_id]
    if not known:
        names = ", ".join(export.source.name for export in exports[:5])
        what = f"none of the {len(exports)} files is a known Amazon export (seen: {names})."
        raise DataRefused(
            Problem(what, "See `audit check` for what each file is, and docs/exports.md for the downloads.")
        )
    spoiled = [problem for reading in known for problem in _spoiled(reading)]
    if spoiled:
        raise DataRefused(*spoiled)


def _spoiled(reading: Reading) -> list[Problem]:
    """Why so many rows of a file fell out, if they did: what is known of the whole file comes first."""
    rejected = reading.rows_rejected
    everything = rejected == reading.rows_read >= FEWEST_ROWS
    if not everything and (rejected <= REJECTED_ROWS_LIMIT or rejected <= reading.rows_read * REJECTED_SHARE_LIMIT):
        return []
    first = reading.rejects[0]
    what = f"{rejected} of {reading.rows_read} rows cannot be read, first: {first.reason} (column {first.column})."
    remedy = "Download this export again; do not save it from a spreadsheet."
    return [*reading.problems, Problem(what, remedy, reading.name, first.line)]


def refuse_mixed_accounts(
    exports: Sequence[ReadExport], policy: Policy, account: str, *, one_account: bool = False
) -> list[Problem]:
    """Raise DataRefused when the files cannot belong to one seller; doubts are returned as warnings.

    Proof is: marketplaces or currencies of different account groups (one group exports one ledger), different seller
    IDs, or two ledgers of more than 50 SKUs each whose days overlap and that share no SKU. The last is a doubt when a
    person has checked that this is `one_account`. A name alone contradicts nothing.
    """
    readings = [export.reading for export in exports if export.reading.parquet and export.same_as is None]
    look = Look(glance())
    refused = [*_different_groups(readings, policy, look), *_different_sellers(readings, account, look)]
    doubts: list[Problem] = []
    for problem, proven in _disjoint_ledgers(readings, look):
        (refused if proven and not one_account else doubts).append(problem)
    if refused:
        raise DataRefused(*refused)
    return doubts


def _different_groups(readings: Iterable[Reading], policy: Policy, look: Look) -> list[Problem]:
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for reading in readings:
        for group, sign in sorted(_signs(reading, policy, look)):
            seen[group][sign].append(reading.name)
    if len(seen) < 2:
        return []
    words = "; ".join(
        f"{group}: " + ", ".join(f"{sign} in {_some(files)}" for sign, files in sorted(signs.items()))
        for group, signs in sorted(seen.items())
    )
    return [Problem(f"the files belong to different seller accounts ({words}).", ONE_FOLDER_EACH)]


def account_groups(exports: Sequence[ReadExport], policy: Policy) -> dict[str, str]:
    """The account groups (NA, EU, FE) that the exports speak of, each with what shows it and where."""
    look = Look(glance())
    shown: dict[str, str] = {}
    for reading in (e.reading for e in exports if e.reading.parquet and e.same_as is None):
        for group, sign in sorted(_signs(reading, policy, look)):
            shown.setdefault(group, f"{sign} in {reading.name}")
    return shown


def _some(files: Sequence[str]) -> str:
    more = f" and {len(files) - _MOST_NAMED} more" if len(files) > _MOST_NAMED else ""
    return ", ".join(files[:_MOST_NAMED]) + more


def _signs(reading: Reading, policy: Policy, look: Look) -> set[tuple[str, str]]:
    """The account groups that one export speaks of, each with the marketplace or currency that shows it."""
    signs: set[tuple[str, str]] = set()
    for column in MARKETPLACE_COLUMNS:
        for name in look.distinct(column, reading):
            marketplace = policy.marketplace_of(name)
            group = policy.group(marketplace) if marketplace else None
            if marketplace and group:
                signs.add((group, marketplace))
    if reading.report_id in OWN_FILES:
        return signs
    for currency, channel in look.currencies(reading):
        # Orders from outside Amazon are paid in whatever currency the other shop takes.
        if channel is None or policy.marketplace_of(channel):
            groups = policy.groups_paid_in(currency)
            signs |= {(group, currency) for group in groups if len(groups) == 1}
    return signs


def _different_sellers(readings: Iterable[Reading], account: str, look: Look) -> list[Problem]:
    sellers: dict[str, str] = {}
    for reading in readings:
        for seller in look.distinct("seller_id", reading):
            sellers.setdefault(seller.strip().upper(), reading.name)
    problems = []
    if len(sellers) > 1:
        words = ", ".join(f"{seller} in {file}" for seller, file in sorted(sellers.items()))
        problems.append(Problem(f"the files name different seller IDs ({words}).", ONE_FOLDER_EACH))
    named = account.strip().upper()
    if sellers and _is_seller_id(named) and named not in sellers:
        seller, file = next(iter(sorted(sellers.items())))
        problems.append(Problem(f"--account {account} contradicts the seller ID {seller}.", "Check the folder.", file))
    return problems


def _is_seller_id(text: str) -> bool:
    return len(text) in range(12, 16) and text.startswith("A") and text.isalnum() and any(c.isdigit() for c in text)


def _disjoint_ledgers(readings: Iterable[Reading], look: Look) -> list[tuple[Problem, bool]]:
    ledgers = [r for r in readings if r.report_id == "ledger_detail" and r.first_date and r.last_date]
    skus = {reading.name: {sku.lstrip("0") for sku in look.distinct("msku", reading)} for reading in ledgers}
    linked = _linked(skus)
    found = []
    for one, other in combinations(ledgers, 2):
        overlap = one.first_date <= other.last_date and other.first_date <= one.last_date  # type: ignore[operator]
        if overlap and skus[one.name] and skus[other.name] and linked[one.name] != linked[other.name]:
            fewest = min(len(skus[one.name]), len(skus[other.name]))
            what = f"{one.name} and {other.name} cover the same days and share none of their SKUs."
            remedy = (
                "If they belong to two accounts, put each into a folder of its own; if not, run with --one-account."
            )
            found.append((Problem(what, remedy), fewest > SKUS_TO_TELL_ACCOUNTS_APART))
    return found


def _linked(skus: Mapping[str, set[str]]) -> dict[str, int]:
    """A number for each ledger: those that share a SKU, or a third one that shares with both, have the same."""
    groups: list[tuple[set[str], set[str]]] = []
    for name, mine in skus.items():
        alike = [group for group in groups if group[1] & mine]
        groups = [group for group in groups if group not in alike]
        groups.append(({name}.union(*(g[0] for g in alike)), mine.union(*(g[1] for g in alike))))
    return {name: number for number, (names, _) in enumerate(groups) for name in names}
