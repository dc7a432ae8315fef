"""The deadlines of many accounts as those of one: the results of a batch side by side, counted from one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from auditor.accounts.listing import Listing
from auditor.accounts.settings import Account
from auditor.model import AuditError, Finding, Problem, Results, WrongUsage
from auditor.publish.manifest import as_of, entries
from auditor.publish.reading import read_results

#: Accounts that nothing is filed for.
_OVER = frozenset({"cancelled"})


def deadlines_of(
    listing: Listing, batch: Path, owner: str = "", day: date | None = None
) -> tuple[Results, list[Problem]]:
    """The findings of every account below `batch`, and the accounts that have faults or no results.

    `owner` keeps the accounts of one person. Days are counted from `day`, else from the newest day of any results, so
    that an account with older results does not seem to have more time. Raises WrongUsage for an owner that the list
    does not know, and when no account has results.
    """
    if owner and owner not in listing.people:
        known = ", ".join(sorted(listing.people)) or "nobody"
        raise WrongUsage(Problem(f"the list has no person {owner!r}.", f"It has: {known}.", listing.path.name))
    chosen = [a for a in listing.accounts if a.stage not in _OVER and (not owner or a.owner == owner)]
    read, problems = _read(chosen, batch)
    problems += [problem for faults in listing.refused.values() for problem in faults]
    if not read:
        raise WrongUsage(*problems or [Problem("no account of the list is meant.", "Name another --owner.")])
    today = day or max(as_of(results.manifest) for _, results in read)
    findings = [
        _counted_from(today, replace(finding, account=account.name))
        for account, results in read
        for finding in results.findings
    ]
    rules = {rule["rule"]: rule for _, results in read for rule in entries(results.manifest, "rules")}
    ended = [row for _, results in read for row in entries(results.manifest, "ended_deadlines")]
    over = [row for row in ended if row["safe_by"] >= today.isoformat()]
    manifest = {"as_of": today.isoformat(), "account": "", "rules": list(rules.values()), "ended_deadlines": over}
    return Results(tuple(findings), (), (), (), (), manifest), problems


def _read(accounts: Iterable[Account], batch: Path) -> tuple[list[tuple[Account, Results]], list[Problem]]:
    read: list[tuple[Account, Results]] = []
    problems: list[Problem] = []
    for account in accounts:
        try:
            read.append((account, read_results(batch / account.id)))
        except AuditError as error:
            what = error.problems[0]
            problems.append(Problem(f"{account.id}: {what.what}", "Run `audit batch` again."))
    return read, problems


def _counted_from(day: date, finding: Finding) -> Finding:
    return finding if finding.claim_by is None else replace(finding, days_left=(finding.claim_by - day).days)
