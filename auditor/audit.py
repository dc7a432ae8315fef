"""The story of one audit: exports in at the top, claims out at the bottom."""

from __future__ import annotations

from auditor.account_files import as_of_day, home_marketplace, read_folder, reading_doubts, unread_keys
from auditor.case_states import with_known_states
from auditor.claims.drafts import make_drafts, unbalanced_findings
from auditor.claims.texts import texts_by_rule
from auditor.exports.catalog import load_catalog
from auditor.manifest import Ran, build_manifest
from auditor.model import Results
from auditor.policy import load_policy
from auditor.request import Request
from auditor.rulebook.balance import balance_units
from auditor.rulebook.doubts import damaged_skus, incomplete_rows, unclear_payments
from auditor.rulebook.evidence import gather_evidence
from auditor.rulebook.judge import Bench, judge
from auditor.rulebook.policy_tables import create_policy_tables
from auditor.rulebook.rules import load_rules, replacements, switched_off
from auditor.rulebook.shared_tables import OF_AN_AUDIT, build_shared_tables, create_covered_days
from auditor.rulebook.value import load_valuation
from auditor.store.gate import refuse_mixed_accounts
from auditor.store.lost_zeros import put_back_zeros
from auditor.store.tables import build_tables, lock
from auditor.what_if import revalue


def audit(request: Request) -> Results:
    """Read, judge and prove; writing the results is left to `publish`.

    Raises DataRefused when the exports must not be judged, WrongUsage for options that cannot be meant.
    """
    catalog, policy = load_catalog(), load_policy(request.policy_folder)
    rules, rule_problems = load_rules(request.rule_folders, request.rule_settings)
    exports, zeros = put_back_zeros(read_folder(request, catalog), catalog)
    mixed = refuse_mixed_accounts(exports, policy, request.account, one_account=request.one_account)
    request.gate(exports)
    warnings = [*zeros, *mixed]
    as_of, as_of_source = as_of_day(exports, request.as_of)
    other_costs = request.what_if.costs(catalog, request.workspace, as_of) if request.what_if else None
    request.on_step("settling losses, finds and payments")
    tables = build_tables(exports, catalog, as_of)
    create_policy_tables(tables.con, policy)
    create_covered_days(tables.con, tables.coverage)
    read = {name for rule in rules for name in rule.facts.inputs}
    build_shared_tables(tables.con, as_of, wanted={*OF_AN_AUDIT, *read})
    lock(tables.con)
    home = home_marketplace(tables, policy, request.marketplace)
    balances = balance_units(tables.con, policy, as_of, home)
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
        incomplete_rows(tables.con),
    )
    judgement = judge(tables.con, rules, bench, on_rule=request.on_rule)
    ended, log_problems = with_known_states(request, judgement, rules, tables.con, as_of)
    request.on_step("collecting the evidence")
    evidence = gather_evidence(tables, judgement.proofs)
    texts, text_problems = texts_by_rule(rules)
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
        ended_deadlines=ended,
        warnings=[
            *warnings,
            *reading_doubts(exports),
            *tables.doubts,
            *rule_problems,
            *replacements(rules),
            *switched_off(request.rule_settings),
            *cost_problems,
            *text_problems,
            *log_problems,
        ],
    )
    what_if = revalue(tables.con, judgement.findings, rules, valuation, other_costs) if request.what_if else ()
    rejects = tuple(reject for export in exports if not export.same_as for reject in export.reading.rejects)
    return Results(
        tuple(judgement.findings),
        evidence,
        tuple(judgement.not_claimed),
        rejects,
        drafts,
        build_manifest(ran),
        what_if,
        (*rule_problems, *text_problems, *judgement.problems),
    )
