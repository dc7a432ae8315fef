"""The audit of one account of a batch, from its lock to its note; runs in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from auditor.accounts.fingerprint import fingerprint, program_digest, results_signature
from auditor.accounts.job import Job, Outcome, failed
from auditor.accounts.kept import check_form, done_note, read_json, write_json
from auditor.model import AuditError, Problem
from auditor.publish.lock import held


def unchanged(job: Job) -> Outcome | None:
    """The outcome of the last good run when a run now would write the same bytes; None when that is not sure.

    Same files, question and tool; the cases as that run left them; its results as it wrote them.
    """
    note = read_json(done_note(job.workspace, job.out))
    if not note or note.get("results") != results_signature(job.out) or note.get("inputs") != fingerprint(job):
        return None
    try:
        cases = _cases(job)
    except AuditError:
        return None
    if note.get("cases") != cases:
        return None
    return Outcome(job.account_id, "ok", profile=note["profile"], audited=False)


def audit_account(job: Job, on_start: Callable[[], None] = lambda: None) -> Outcome:
    """Audit the account unless nothing has changed, and write its results.

    `on_start` is called when the account is ours alone. Raises AuditError and its kinds; the results of before then
    stand as they were.
    """
    if program_digest() != job.program:
        return failed(job, "this worker has another version of the tool than the batch.", "Install the same one.")
    check_form(job.workspace)
    lock = job.workspace.with_name(f".{job.workspace.name}.lock")
    with held(lock, job.time_limit, f"Another batch is working on {job.account_id}."):
        on_start()
        return unchanged(job) or _audited(job)


def _audited(job: Job) -> Outcome:
    from auditor.accounts.profile import profile
    from auditor.accounts.seller import refuse_strangers, remember
    from auditor.audit import audit
    from auditor.exports.patterns import matched
    from auditor.publish.folder import checked, write_results
    from auditor.publish.page import render
    from auditor.request import Request
    from auditor.store.workspace import open_workspace

    checked(job.out)
    _cases(job)
    inputs = fingerprint(job)
    seller: dict[str, list[str]] = {}
    cases: list[str] = []
    request = Request(
        paths=matched(job.paths),
        workspace=open_workspace(job.workspace),
        account=job.name,
        one_account=job.one_account,
        as_of=job.as_of,
        marketplace=job.marketplaces[0] if len(job.marketplaces) == 1 else None,
        rule_folders=job.rule_folders,
        policy_folder=job.policy_folder,
        leave_out=job.leave_out,
        rule_settings=job.rule_settings,
        case_log=job.case_log,
        gate=lambda exports: seller.update(refuse_strangers(job, exports)),
        on_cases=cases.append,
    )
    results = audit(request)
    if not cases:
        raise AuditError(Problem("the case log went away while the account was audited.", "Run the batch again."))
    write_results(results, job.out, extra={"summary.html": render(results, job.language).encode("utf-8")})
    remember(job, seller)
    measured = profile(results.manifest, results.findings)
    if inputs is not None and inputs == fingerprint(job):
        _note(job, {"inputs": inputs, "cases": cases[-1], "profile": measured})
    return Outcome(job.account_id, "ok", profile=measured)


def _note(job: Job, known: Mapping[str, Any]) -> None:
    """Note a good run, last of all: a run that was killed before has no note and is done again."""
    write_json(done_note(job.workspace, job.out), {**known, "results": results_signature(job.out)})


def _cases(job: Job) -> str:
    """A digest of the account's cases. Raises AuditError when the log cannot be used: in a batch that is a failure.

    Results without the states of the log would call cases open that were filed long ago.
    """
    from auditor.claims.cases.log import CaseLog

    log = CaseLog(job.case_log)
    try:
        return log.digest(job.name)
    finally:
        log.engine.dispose()
