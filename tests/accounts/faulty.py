"""Work on an account that goes wrong in the way its ID says; every other one is done in a moment.

Runs in the processes of a batch. The quick work is the real one, from the lock to the note, with an audit whose results
were computed before (AUDIT_TEST_RESULTS): each account has its own name in them.
"""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import auditor.audit
from auditor.accounts.job import Job, Outcome
from auditor.accounts.one_account import audit_account
from auditor.claims.cases.log import CaseLog
from auditor.model import DataRefused, Problem, Results
from auditor.request import Request

ENTRY = "tests.accounts.faulty:work"


def work(job: Job, on_start: Callable[[], None]) -> Outcome:
    kind = job.account_id.partition("-")[0]
    if kind in FAULTS:
        on_start()
        FAULTS[kind]()
    if kind == "once" and not (flag := job.workspace.with_suffix(".tried")).exists():
        flag.parent.mkdir(parents=True, exist_ok=True)
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    # Put back afterwards: some tests do this work in their own process, where others audit for real.
    real, auditor.audit.audit = auditor.audit.audit, instant
    try:
        return audit_account(job, on_start)
    finally:
        auditor.audit.audit = real


def instant(request: Request) -> Results:
    request.gate(())
    known: Results = pickle.loads(Path(os.environ["AUDIT_TEST_RESULTS"]).read_bytes())
    log = CaseLog(request.case_log)
    request.on_cases(log.digest(request.account))
    log.engine.dispose()
    findings = tuple(replace(finding, account=request.account) for finding in known.findings)
    return replace(known, findings=findings, manifest={**known.manifest, "account": request.account})


def _greedy() -> None:
    block = b"x" * (900 << 20)
    time.sleep(60)
    del block


def _raise(error: Exception) -> None:
    raise error


FAULTS: dict[str, Callable[[], object]] = {
    "hangs": lambda: time.sleep(60),
    "exits": lambda: os._exit(9),
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "raises": lambda: _raise(ValueError("a bug")),
    "refused": lambda: _raise(DataRefused(Problem("the files are of two accounts."))),
    "greedy": _greedy,
}
