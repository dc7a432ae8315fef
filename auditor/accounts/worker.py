"""A process that audits one account after the other: `python -m auditor.accounts.worker MODULE:FUNCTION`.

Jobs come as lines on stdin and answers leave on stdout, each a pickle in base64. When stdin ends, whoever started this
process is gone, and it ends at once, whatever it is doing: a killed batch leaves nobody behind.
"""

from __future__ import annotations

import base64
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import import_module
from queue import SimpleQueue
from typing import Any, BinaryIO

from auditor.accounts.job import Job, Outcome, failed
from auditor.model import AuditError, DataRefused, WrongUsage
from auditor.processors import keep_to_processors

STARTED = "started"


def encoded(value: Any) -> bytes:
    """One line that holds the value."""
    return base64.b64encode(pickle.dumps(value)) + b"\n"


def decoded(line: bytes) -> Any:
    """The value of a line; only for lines of a process that we started, or that started us."""
    return pickle.loads(base64.b64decode(line))  # noqa: S301 - both ends are this program


def main() -> None:
    """Answer jobs until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get between the answers
    module, _, name = sys.argv[1].partition(":")
    work = getattr(import_module(module), name)
    keep_to_processors()
    jobs: SimpleQueue[Job] = SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        outcome = attempt(work, jobs.get(), lambda: _say(answers, STARTED))
        _say(answers, outcome)


def attempt(work: Callable[[Job, Callable[[], None]], Outcome], job: Job, on_start: Callable[[], None]) -> Outcome:
    """The outcome of a job, whatever it raises.

    Exports that must not be judged and options that cannot be meant are the same a minute later: no second attempt.
    """
    try:
        return work(job, on_start)
    except DataRefused as refused:
        return Outcome(job.account_id, "refused", refused.problems)
    except AuditError as error:
        return Outcome(job.account_id, "failed", error.problems, again=not isinstance(error, WrongUsage))
    except Exception as error:
        traceback.print_exc()
        return failed(job, f"unexpected failure: {type(error).__name__}: {error}", "See batch.log.jsonl.")


def _read(stdin: BinaryIO, jobs: SimpleQueue[Job]) -> None:
    for line in stdin:
        jobs.put(decoded(line))
    os._exit(0)


def _say(answers: BinaryIO, answer: Any) -> None:
    answers.write(encoded(answer))
    answers.flush()


if __name__ == "__main__":
    main()
