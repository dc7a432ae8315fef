"""The commands that write what a case needs: the reply it waits for, and a folder to hand over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from auditor.cli.case_log import log_options, open_log

if TYPE_CHECKING:
    from auditor.claims.cases.answering import Letter
    from auditor.claims.cases.log import Case, CaseLog

REIMBURSEMENTS = "reimbursements"


@click.command()
@click.argument("finding_id")
@click.option("--because", default="", help="Why it was denied, by a name of the denial library: found, too_late, ...")
@click.option("--account", help="The account, when the log holds several.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
@log_options
def reply(finding_id: str, because: str, account: str | None, as_json: bool, **where: Any) -> None:
    """Print the reply that a case waits for, in the marketplace's language and in English.

    To a denial by its reason, to a question, to silence, to an approval without a payment. What to check first stands
    above it. A reason that Amazon gave in words of its own is recognised where it is clear, and asked for where it is
    not.

    \b
    Examples:
      audit claims reply FTD3ZQM5O4JM
      audit claims reply FTD3ZQM5O4JM --because found
    """
    log = open_log(where["database_url"], where["workspace"], where["out"])
    case = log.case(finding_id, account)
    letter = _letter(log, case, because)
    if as_json:
        told = {"reply": letter.name, "title": letter.reply.title, "check": letter.reply.check}
        words = {language: {"subject": words[0], "body": words[1]} for language, words in letter.words.items()}
        click.echo(json.dumps(told | {"words": words}, ensure_ascii=False, indent=2))
    else:
        click.echo(letter.sheet(), nl=False)


@click.command()
@click.argument("finding_id")
@click.option(
    "--to", "target", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Where the folder is made."
)
@click.option(
    "--rules",
    "rule_folders",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of your own rules; may be given several times.",
)
@log_options
def pack(finding_id: str, target: Path, rule_folders: Sequence[Path], **where: Any) -> None:
    """Make a folder of one claim, ready to hand over.

    It holds what to paste, the evidence rows, the documents to add by kind of seller, and, once the claim is filed,
    its history and the reply that it waits for. A claim that is already filed can be packed as long as it is found.

    \b
    Examples:
      audit claims pack FTD3ZQM5O4JM
      audit claims pack FTD3ZQM5O4JM --to handover/
    """
    from auditor.claims.drafts import draft
    from auditor.claims.texts import load_claim_texts
    from auditor.model import Problem, WrongUsage
    from auditor.policy import load_policy
    from auditor.publish.folder import write_file
    from auditor.publish.pack import pack_files
    from auditor.publish.reading import read_results
    from auditor.rulebook.rules import load_rules

    results = read_results(where["out"], evidence_of=finding_id.strip())
    finding = next((f for f in results.findings if f.finding_id.lower() == finding_id.strip().lower()), None)
    if finding is None:
        what = f"The results in {where['out']} hold no finding {finding_id!r}."
        remedy = (
            "`audit claims show` tells what became of its case; `audit explain` with its FNSKU, why it is not there."
        )
        raise WrongUsage(Problem(what, remedy))
    rule = next((rule for rule in load_rules(rule_folders)[0] if rule.rule_id == finding.rule), None)
    if rule is None or rule.facts.kind != "claim":
        what = f"{finding.finding_id} is of the rule {finding.rule}, which has no claim text here."
        raise WrongUsage(Problem(what, "Name the folder of that rule with --rules."))
    texts = load_claim_texts(rule.folder)
    language = load_policy().language(finding.marketplace)
    written = draft(finding, results.evidence, texts, language=language, payments_to=_payments_to(results.manifest))
    history, answer = _of_case(where, finding.finding_id, finding.account)
    folder = target / written.name
    for name, content in pack_files(written, results.evidence, dict(texts.filing.documents), history, answer):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / name, content)
    click.echo(f"Written: {folder}")


def _letter(log: CaseLog, case: Case, because: str) -> Letter:
    from auditor.claims.cases.answering import letter_for
    from auditor.claims.replies import packaged_replies
    from auditor.policy import load_policy

    language = load_policy().language(case.marketplace)
    newest = max((each.last_seen for each in log.cases(case.account) if each.last_seen), default=None)
    return letter_for(case, log.history(case), packaged_replies(), language, newest=newest, because=because)


def _of_case(where: dict[str, Any], finding_id: str, account: str) -> tuple[list[str], str]:
    """The history of the case, a line each, and the reply that it waits for; nothing where there is no case log."""
    from auditor.model import WrongUsage

    try:
        log = open_log(where["database_url"], where["workspace"], where["out"])
        case = log.case(finding_id, account)
    except WrongUsage:
        return [], ""
    lines = [
        f"{entry.day}  {entry.who}  {entry.from_state or '-'} > {entry.to_state}  {entry.reason}  {entry.note}".rstrip()
        for entry in log.history(case)
    ]
    try:
        return lines, _letter(log, case, "").sheet() if case.filed_on else ""
    except WrongUsage:
        return lines, ""  # no reply fits, or somebody has to name the reason first


def _payments_to(manifest: Mapping[str, Any]) -> date | None:
    """The last day that the Reimbursements exports of the audit cover."""
    days = [line["last_date"] for line in manifest["coverage"] if line["report"] == REIMBURSEMENTS]
    return date.fromisoformat(days[0]) if days and days[0] else None


PAPERS = (reply, pack)
