"""Where the accounts of a batch are worked on: by processes of this machine, or by the workers of a Dask cluster.

Both are one interface, that of `concurrent.futures`: what is submitted is the same function.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from auditor.accounts.supervision import end_all
from auditor.model import AuditError, Problem, WrongUsage

_SECONDS_TO_REACH = 15


@contextmanager
def executor(jobs: int, cluster: str = "") -> Iterator[Executor]:
    """`jobs` accounts at a time here, or as many as the cluster at this URL takes.

    Here each thread watches the process of one account. When the batch is broken off, nobody is left behind.
    """
    if cluster:
        yield from _on_cluster(cluster)
        return
    with ThreadPoolExecutor(jobs, thread_name_prefix="account") as threads:
        try:
            yield threads
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            end_all()


def _on_cluster(url: str) -> Iterator[Executor]:
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        what = "--cluster needs the package `distributed`, which is not installed."
        remedy = "Install it with: pip install 'fba-reimbursement-auditor[cluster]'; or use --jobs."
        raise WrongUsage(Problem(what, remedy)) from error
    try:
        client = distributed.Client(url, timeout=_SECONDS_TO_REACH, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:200].rstrip(".")
        what = f"the cluster {url} cannot be reached: {reason}."
        raise AuditError(Problem(what, "Check its address, as in tcp://scheduler:8786, and that it runs.")) from error
    with client:
        # Each account may be done again: a worker that dies takes nothing with it.
        yield client.get_executor(pure=False, retries=0)
