"""Somebody who moves cases at random, and what has to hold of a log afterwards."""

from __future__ import annotations

import time
from datetime import date
from itertools import pairwise
from math import inf
from random import Random

from auditor.claims.cases.log import CaseLog
from auditor.claims.cases.states import BY_DATE, MOVES
from auditor.model import AuditError


def walk(url: str, seed: int, until: float = inf, most: int = 60) -> int:
    """Try `most` moves of random cases while others do so too, or fewer when the clock of this machine reaches `until`.

    Gives the number of moves that were done.
    """
    log, chance, done, tried = CaseLog(url), Random(seed), 0, 0
    while tried < most and time.monotonic() < until:
        tried += 1
        case = chance.choice(log.cases())
        state = chance.choice(sorted(set(MOVES[case.state]) - BY_DATE | {"open"} & set(MOVES[case.state])))
        try:
            log.move(case, state, day=date(2026, 5, 11), who=str(seed))
            done += 1
        except AuditError:
            continue
    return done


def story_holds(log: CaseLog) -> int:
    """Every case stands where its history ends and each line follows from the one before; the number of lines."""
    lines = 0
    for case in log.cases():
        entries = log.history(case)
        lines += len(entries)
        for before, after in pairwise(entries):
            assert after.from_state == before.to_state
            assert after.to_state in MOVES[after.from_state]
        assert case.state == entries[-1].to_state
        assert case.version == len(entries)
    return lines
