"""One night over a list of accounts: the batch, its log and its record."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

from auditor.accounts.batch import Ended, Order, jobs_of, run_jobs
from auditor.accounts.executors import executor
from auditor.accounts.listing import Listing
from auditor.accounts.record import BatchLog, now, write_record
from auditor.accounts.start_files import StartPages
from auditor.accounts.supervision import ENTRY
from auditor.model import AuditError

#: Told after each account: its number, how many there are, its ID and its state.
OnEnd = Callable[[int, int, str, str], None]


def audit_accounts(
    listing: Listing,
    order: Order,
    *,
    jobs: int,
    cluster: str = "",
    on_end: OnEnd = lambda *_: None,
    entry: str = ENTRY,
) -> dict[str, Any]:
    """Audit the accounts of the list that are asked for, and give the content of batch.json.

    `jobs` accounts at a time, or as many as the workers of a `cluster` take. `entry` names the function that audits
    one account, as in "module:function". Raises WrongUsage for what cannot be meant; no account stops the others.
    """
    started, begun = now(), time.monotonic()
    asked = jobs_of(listing, order)
    log = BatchLog(order.out)
    log.tell("batch_started", {"list": listing.path.name, "accounts": len(asked), "faulty": sorted(listing.refused)})
    ended: dict[str, Ended] = {}
    accounts = {account.id: account for account in listing.accounts}
    with executor(min(jobs, max(len(asked), 1)), cluster) as workers, closing(StartPages()) as pages:
        for number, (job, end) in enumerate(run_jobs(asked, workers, log.tell, entry), 1):
            ended[job.account_id] = end
            try:
                pages.bring_up_to_date(accounts[job.account_id], job.out, job.case_log)
            except AuditError as error:
                log.tell("start_page_failed", {"account": job.account_id, "problems": [str(p) for p in error.problems]})
            on_end(number, len(asked), job.account_id, end.outcome.state)
    run = {"started": started, "seconds": round(time.monotonic() - begun, 3), "jobs": jobs, "cluster": bool(cluster)}
    content = write_record(listing, order, ended, run)
    log.tell("batch_finished", {"seconds": run["seconds"], "failed": content["failed"]})
    return content
