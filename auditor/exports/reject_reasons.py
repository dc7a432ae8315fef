"""Rejected rows and cells by what is wrong with them, so that one cause of many shows as one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from auditor.model import Reject

_CELL = re.compile("['\"].*['\"]", re.DOTALL)
_NUMBER = re.compile(r"-?\d[\d.,]*")


def reason_lines(rejects: Iterable[tuple[str, Reject]]) -> list[dict[str, Any]]:
    """How many rows or cells of each report fell out for the same reason in the same column, most first.

    `rejects` are pairs of report ID and reject; `column` is as the file prints it, "" when the row as a whole is meant.
    """
    counts = Counter((report, each.column, kind_of(each.reason), each.severity) for report, each in rejects)
    return [
        {"report": report, "column": column, "reason": reason, "severity": severity, "rows": rows}
        for (report, column, reason, severity), rows in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def kind_of(reason: str) -> str:
    """The reason without what stands in this one cell: it is the same for every cell with the same fault."""
    plain = _NUMBER.sub("…", _CELL.sub("'…'", reason))
    return plain.partition(": ")[0]
