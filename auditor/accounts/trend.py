"""How money at risk and the accounts to contact change from night to night, kept in the folder of the batch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from auditor.accounts.alert import Worth
from auditor.accounts.kept import write_json
from auditor.model import AuditError, Problem
from auditor.publish.lock import held

FILE = "trend.json"
#: The form of the file, and how many days of one list it keeps.
FORM, MOST_KEPT = 1, 400
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Point:
    """One day of all accounts of a list.

    `to_contact` have an open alert; `without_results` show no money because there are no results of them. `soon` is
    the money that can be claimed and whose safe date is at most 14 days away, `at_risk` all that can be claimed, both
    by currency and never added across currencies.
    """

    day: date
    accounts: int
    to_contact: int
    without_results: int
    soon: Worth
    at_risk: Worth

    def as_json(self) -> dict[str, Any]:
        """As it stands in trend.json and portfolio.json."""
        return {
            "day": self.day.isoformat(),
            "accounts": self.accounts,
            "to_contact": self.to_contact,
            "without_results": self.without_results,
            "within_14": {currency: format(amount, "f") for currency, amount in self.soon},
            "at_risk": {currency: format(amount, "f") for currency, amount in self.at_risk},
        }


def keep_point(batch: Path, name: str, point: Point) -> tuple[Point, ...]:
    """Add a day to those kept for the list `name`, and give the days up to it, the oldest first.

    The same day again takes the place of the former; a day before the newest one that is kept changes nothing. Raises
    AuditError when the file cannot be read or written; it is left as it is then.
    """
    try:
        with held(batch / ".trend.lock", _PATIENCE, f"Another portfolio is writing {FILE}."):
            lists = _read(batch / FILE)
            points = lists.get(name, [])
            if not points or points[-1].day <= point.day:
                points = [*(each for each in points if each.day != point.day), point][-MOST_KEPT:]
                kept = {**lists, name: points}
                write_json(
                    batch / FILE,
                    {"form": FORM, "lists": {key: [p.as_json() for p in kept[key]] for key in sorted(kept)}},
                )
    except OSError as error:
        raise AuditError(_problem(batch, str(error.strerror or error).lower())) from error
    return tuple(each for each in points if each.day <= point.day)


def _read(path: Path) -> dict[str, list[Point]]:
    """The days of each list, the oldest first; none when there is no file."""
    try:
        content = json.loads(path.read_bytes())
        if content["form"] > FORM:
            raise AuditError(_problem(path.parent, "a newer version of this tool has written it"))
        lists = {str(name): [_point(row) for row in rows] for name, rows in content["lists"].items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise AuditError(_problem(path.parent, "it is damaged")) from error
    return {name: sorted(points, key=lambda point: point.day) for name, points in lists.items()}


def _point(row: Mapping[str, Any]) -> Point:
    accounts, to_contact, without = (int(row[name]) for name in ("accounts", "to_contact", "without_results"))
    day = date.fromisoformat(row["day"])
    return Point(day, accounts, to_contact, without, _worth(row["within_14"]), _worth(row["at_risk"]))


def _worth(amounts: Mapping[str, str]) -> Worth:
    return tuple((str(currency), Decimal(amount)) for currency, amount in sorted(amounts.items()))


def _problem(batch: Path, why: str) -> Problem:
    what = f"the days so far cannot be kept in {batch / FILE}: {why}."
    return Problem(what, "Mend it or move it away; until then the page shows this day alone.")


def currencies_of(points: Sequence[Point]) -> list[str]:
    """Every currency of these days."""
    return sorted({currency for point in points for currency, _ in point.at_risk})
