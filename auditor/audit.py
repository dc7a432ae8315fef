"""The story of one audit: exports in at the top, claims out at the bottom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditor.claims.drafts import make_drafts, unbalanced_findings
from auditor.claims.texts import ClaimTexts, load_claim_texts
from auditor.exports.catalog import Catalog, load_catalog
from auditor.exports.cells import DAMAGED_BY_SPREADSHEET
from auditor.exports.sources import Source, find_sources
from auditor.manifest import Ran, build_manifest
from auditor.model import AuditError, DataRefused, Problem, Results, WhatIfLine, WrongUsage
from auditor.policy import Policy, load_policy
from auditor.rulebook.balance import balance_units
from auditor.rulebook.doubts import damaged_skus, unclear_payments
from auditor.rulebook.evidence import gather_evidence
from auditor.rulebook.judge import Bench, judge
from auditor.rulebook.lots import settle_lots
from auditor.rulebook.policy_tables import create_policy_tables
from auditor.rulebook.rules import Rule, load_rules
from auditor.rulebook.value import load_valuation
from auditor.store.gate import refuse_mixed_accounts, refuse_unreadable
from auditor.store.lost_zeros import put_back_zeros
from auditor.store.reading import AS_IT_IS, SILENT, HowToRead, Progress, ReadExport, read_exports
from auditor.store.tables import Tables, build_tables, lock
from auditor.store.workspace import Workspace
from auditor.what_if import WhatIf, costs_of, revalue

DOWNLOAD_UNTOUCHED = "Download this export again; do not save it from a spreadsheet."


@dataclass(frozen=True, slots=True)
class Request:
    """What to audit.

    `one_account`: a person has checked that all files are of one account. `as_of` None means the newest event in the
    exports; `marketplace` serves rows that name none; `leave_out` are folders that may lie under the paths and are no
    exports, such as the results of an earlier run. `rule_settings` switches rules off or sets their options, by rule.
    """

    paths: Sequence[Path]
    workspace: Workspace
    account: str = ""
    one_account: bool = False
    as_of: date | None = None
    marketplace: str | None = None
    rule_folders: Sequence[Path] = ()
    policy_folder: Path | None = None
    leave_out: Sequence[Path] = ()
    rule_settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    how: HowToRead = AS_IT_IS
    what_if: WhatIf | None = None
    progress: Progress = SILENT
    on_step: Callable[[str], None] = field(default=lambda _: None)


def audit(request: Request) -> Results:
    """Read, judge and prove; writing the results is left to `publish`.

    Raises DataRefused when the exports must not be judged, WrongUsage for options that cannot be meant.
    """
    catalog, policy = load_catalog(), load_policy(request.policy_folder)
    exports, zeros = put_back_zeros(read_folder(request, catalog), catalog)
    mixed = refuse_mixed_accounts(exports, policy, request.account, one_account=request.one_account)
    warnings = [*zeros, *mixed]
    as_of, as_of_source = as_of_day(exports, request.as_of)
    request.on_step("settling losses, finds and payments")
    tables = build_tables(exports, catalog, as_of)
    create_policy_tables(tables.con, policy)
    settle_lots(tables.con, as_of)
    lock(tables.con)
    home = home_marketplace(tables, policy, request.marketplace)
    balances = balance_units(tables.con, policy, as_of, home)
    rules, rule_problems = load_rules(request.rule_folders, request.rule_settings)
    valuation, cost_problems = load_valuation(tables.con, policy, as_of)
    bench = Bench(
        request.account,
        as_of,
        policy,
        valuation,
        tables.coverage,
        home,
        unread_keys(exports),
        tables.damaged_rows(),
        unclear_payments(tables.con),
        damaged_skus(tables.con),
    )
    judgement = judge(tables.con, rules, bench, on_rule=lambda name: request.on_step(f"judging: {name}"))
    request.on_step("collecting the evidence")
    evidence = gather_evidence(tables, judgement.proofs)
    texts, text_problems = claim_texts(rules)
    drafts = make_drafts(judgement.findings, evidence, texts, policy.language, tables.coverage["reimbursements"].last)
    text_problems += unbalanced_findings(judgement.findings, evidence, texts)
    ran = Ran(
        account=request.account,
        as_of=as_of,
        as_of_source=as_of_source,
        marketplaces=sorted({f.marketplace for f in judgement.findings if f.marketplace} | ({home} if home else set())),
        exports=exports,
        catalog=catalog,
        policy=policy,
        rules=rules,
        tables=tables,
        balances=balances,
        judgement=judgement,
        evidence=evidence,
        warnings=[
            *warnings,
            *reading_doubts(exports),
            *tables.doubts,
            *rule_problems,
            *cost_problems,
            *text_problems,
        ],
    )
    what_if: tuple[WhatIfLine, ...] = ()
    if request.what_if:
        file = request.what_if.cost_file
        costs = costs_of(file, catalog, request.workspace, as_of) if file else None
        what_if = revalue(tables.con, judgement.findings, rules, valuation, costs)
    rejects = tuple(reject for export in exports if not export.same_as for reject in export.reading.rejects)
    return Results(
        tuple(judgement.findings),
        evidence,
        tuple(judgement.not_claimed),
        rejects,
        drafts,
        build_manifest(ran),
        what_if,
    )


def read_folder(request: Request, catalog: Catalog) -> list[ReadExport]:
    """Read everything under the paths and refuse what cannot be judged."""
    found = find_sources(request.paths)
    request.on_step("reading the exports")
    exports = read_exports(wanted(found.sources, request), catalog, request.workspace, request.how, request.progress)
    refuse_unreadable(exports, found.problems)
    return exports


def wanted(sources: Sequence[Source], request: Request) -> list[Source]:
    """The sources without those in folders that are to be left out, the workspace among them."""
    folders = [folder.resolve() for folder in (*request.leave_out, request.workspace.folder)]
    return [s for s in sources if not any(s.path.resolve().is_relative_to(folder) for folder in folders)]


def as_of_day(exports: Sequence[ReadExport], asked: date | None) -> tuple[date, str]:
    """The day the audit speaks for, and where it comes from: the caller, else the newest event row."""
    if asked is not None:
        return asked, "--as-of"
    days = [export.reading.newest_event for export in exports if export.reading.newest_event]
    if not days:
        remedy = "Export a longer period, or name the day with --as-of."
        raise DataRefused(Problem("the exports hold no dated row.", remedy))
    return max(days), "newest date in the exports"


def claim_texts(rules: Sequence[Rule]) -> tuple[dict[str, ClaimTexts], list[Problem]]:
    """The claim texts by rule; a rule without good texts still finds, but drafts nothing."""
    texts: dict[str, ClaimTexts] = {}
    problems: list[Problem] = []
    for rule in rules:
        try:
            texts[rule.rule_id] = load_claim_texts(rule.folder)
        except AuditError as error:
            problems += error.problems
    return texts, problems


def reading_doubts(exports: Sequence[ReadExport]) -> list[Problem]:
    """What is wrong with files that could be read all the same."""
    doubts: list[Problem] = []
    for reading in (e.reading for e in exports if e.reading.parquet and not e.same_as):
        doubts += reading.problems
        cut = [reject for reject in reading.rejects if reject.reason.startswith(DAMAGED_BY_SPREADSHEET)]
        if cut:
            what = f"a spreadsheet has damaged {len(cut)} identifiers, the first in column {cut[0].column}."
            doubts.append(Problem(what, DOWNLOAD_UNTOUCHED, reading.name, cut[0].line))
    return doubts


def unread_keys(exports: Sequence[ReadExport]) -> frozenset[tuple[str, str]]:
    """Products and orders of rows that could not be read."""
    return frozenset(key for export in exports for key in export.reading.rejected_keys)


def home_marketplace(tables: Tables, policy: Policy, asked: str | None) -> str | None:
    """The marketplace for rows that name none: the caller's, else the only one that the ledger shows."""
    if asked:
        marketplace = policy.marketplace_of(asked)
        if marketplace is None:
            known = ", ".join(sorted(policy.marketplaces))
            raise WrongUsage(Problem(f"--marketplace {asked} is not a marketplace.", f"Use one of: {known}."))
        return marketplace
    countries = tables.con.execute("select distinct country from ledger where country is not null").fetchall()
    seen = {policy.marketplace_of(country) for (country,) in countries}
    return next(iter(seen)) if len(seen) == 1 else None
