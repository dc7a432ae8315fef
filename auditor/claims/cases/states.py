"""The states of a case, and which may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from auditor.model import Problem, WrongUsage

State = Literal[
    "waiting", "open", "expired", "filed", "in_progress", "info_needed", "approved", "paid", "denied", "appealed",
    "withdrawn",
]  # fmt: skip

#: States that an audit decides by date alone; the others are known to the log alone.
BY_DATE: frozenset[str] = frozenset({"waiting", "open", "expired"})
#: States in which Amazon has the case, or has answered it.
WITH_AMAZON: frozenset[str] = frozenset({"filed", "in_progress", "info_needed", "approved", "appealed"})
CLOSED: frozenset[str] = frozenset({"paid", "withdrawn"})

#: From each state, the states that may follow. A case is appealed once; what is paid may be reversed and opens again.
MOVES: Mapping[str, tuple[str, ...]] = {
    "waiting": ("open", "expired", "filed", "paid", "withdrawn"),
    "open": ("waiting", "expired", "filed", "paid", "withdrawn"),
    "expired": ("waiting", "open", "filed", "paid", "withdrawn"),
    "filed": ("in_progress", "info_needed", "approved", "denied", "paid", "withdrawn"),
    "in_progress": ("info_needed", "approved", "denied", "paid", "withdrawn"),
    "info_needed": ("in_progress", "approved", "denied", "paid", "withdrawn"),
    "approved": ("paid", "denied", "withdrawn"),
    "denied": ("appealed", "approved", "paid", "withdrawn"),
    "appealed": ("in_progress", "info_needed", "approved", "denied", "paid", "withdrawn"),
    "paid": ("open",),
    "withdrawn": ("open",),
}


def check_move(finding_id: str, old: str, new: str, *, appealed_before: bool) -> None:
    """Raise WrongUsage, naming the moves that are possible, when a case cannot go from `old` to `new`."""
    possible = tuple(state for state in MOVES[old] if not (state == "appealed" and appealed_before))
    if new in possible:
        return
    if new == "appealed" and appealed_before:
        what = f"{finding_id} was appealed before; Amazon answers one appeal."
    else:
        what = f"{finding_id} is {old}; it cannot become {new}."
    raise WrongUsage(Problem(what, f"It can become: {', '.join(possible)}."))
