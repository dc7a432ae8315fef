"""The story of a batch: what is unchanged is skipped, the rest audited side by side, what fails is tried once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from auditor.accounts.fingerprint import program_digest
from auditor.accounts.job import Job, Outcome, failed
from auditor.accounts.listing import Account, Listing
from auditor.accounts.one_account import unchanged
from auditor.accounts.supervision import ENTRY, supervised

#: What happens, as it happens: the name of the event, and what belongs to it.
Tell = Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What a batch is asked to do: results below `out`, notes, caches and the case log below `workspace`.

    `only`: these accounts alone; `accept`: those whose exports a person has checked. `case_log` serves the accounts
    that name none. The limits are in seconds and MiB, for accounts that say nothing else.
    """

    out: Path
    workspace: Path
    case_log: str
    as_of: date | None = None
    only: Sequence[str] = ()
    accept: Sequence[str] = ()
    rule_folders: tuple[Path, ...] = ()
    policy_folder: Path | None = None
    rule_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    time_limit: float = 1800.0
    memory_limit: int = 4096


@dataclass(frozen=True, slots=True)
class Ended:
    """The last outcome of an account, and how many attempts it took."""

    outcome: Outcome
    attempts: int


def jobs_of(listing: Listing, order: Order) -> list[Job]:
    """The accounts to audit, in the order of the list. Raises WrongUsage for an unknown ID in `only` or `accept`."""
    for account_id in (*order.only, *order.accept):
        if account_id not in listing.refused:
            listing.account(account_id)
    program = program_digest()
    return [
        _job(account, order, program)
        for account in listing.accounts
        if account.stage != "cancelled" and (not order.only or {account.id, account.name} & set(order.only))
    ]


def run_jobs(jobs: Sequence[Job], executor: Executor, tell: Tell, entry: str = ENTRY) -> Iterator[tuple[Job, Ended]]:
    """Each job with its end, as they come. One that failed by an accident is tried again after the others."""
    running: dict[Future[Outcome], tuple[Job, int]] = {}

    def submit(job: Job, attempt: int) -> None:
        running[executor.submit(attend, job, entry, attempt)] = (job, attempt)

    for job in jobs:
        submit(job, 1)
    while running:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            job, attempt = running.pop(future)
            outcome = _outcome(future, job)
            told = _told(outcome, attempt)
            if outcome.again and attempt == 1:
                tell("account_retried", told)
                submit(job, 2)
            else:
                tell("account_done" if outcome.did == "audited" else f"account_{outcome.did}", told)
                yield job, Ended(outcome, attempt)


def attend(job: Job, entry: str, attempt: int) -> Outcome:
    """One attempt at an account; here what is unchanged is found without starting a process."""
    if attempt == 1:
        try:
            if (kept := unchanged(job)) is not None:
                return kept
        except Exception:  # noqa: S110 - whatever is odd with the notes, the audit itself will say it
            pass
    return supervised(job, entry, fresh=attempt > 1)


def _job(account: Account, order: Order, program: str) -> Job:
    limits = account.thresholds
    return Job(
        account_id=account.id,
        name=account.name,
        paths=account.paths,
        out=order.out / account.id,
        workspace=order.workspace / "accounts" / account.id,
        case_log=account.case_log or order.case_log,
        program=program,
        marketplaces=account.marketplaces,
        language=account.language,
        one_account=account.one_account,
        as_of=order.as_of,
        rule_folders=order.rule_folders,
        policy_folder=order.policy_folder,
        rule_settings=order.rule_settings,
        leave_out=(order.out, order.workspace),
        accept=bool({account.id, account.name} & set(order.accept)),
        time_limit=limits.time_limit_s or order.time_limit,
        memory_limit=limits.memory_limit_mb or order.memory_limit,
    )


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    """What the future holds; a cluster may lose a worker, or the function may not arrive there."""
    try:
        return future.result()
    except Exception as error:
        return failed(job, f"the worker was lost: {type(error).__name__}: {str(error)[:200]}")


def _told(outcome: Outcome, attempt: int) -> dict[str, Any]:
    return {
        "account": outcome.account_id,
        "attempt": attempt,
        "seconds": outcome.seconds,
        "peak_memory_mb": outcome.peak_memory,
        "problems": [str(problem) for problem in outcome.problems],
    }
