"""The cases as files for ticket tools: one ticket a finding, which its ID keeps from being imported twice."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence

from auditor.claims.cases.log import Case
from auditor.claims.cases.states import CLOSED
from auditor.formulas import neutralise

#: Zendesk takes at most so many tickets in one import.
#: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_import/
ZENDESK_BATCH = 100
#: People who do not administer Jira import at most so many rows at once.
#: https://support.atlassian.com/jira-software-cloud/docs/import-data-into-jira-using-csv/
JIRA_ROWS = 250
#: The longest summary that Jira keeps.
JIRA_SUMMARY = 255
_PRIORITY = {"info_needed": "High", "denied": "High", "open": "Medium"}


def ticket_files(tool: str, cases: Iterable[Case]) -> dict[str, bytes]:
    """File names and contents for `tool`: tickets, hubspot, zendesk or jira."""
    makers: dict[str, Callable[[Sequence[Case]], dict[str, bytes]]] = {
        "tickets": _tickets,
        "hubspot": _hubspot,
        "zendesk": _zendesk,
        "jira": _jira,
    }
    return makers[tool](list(cases))


def _tickets(cases: Sequence[Case]) -> dict[str, bytes]:
    head = (
        "external_id", "account", "subject", "state", "owner", "rule", "reference_id", "units", "currency", "amount",
        "claim_from", "safe_by", "claim_by", "case_id", "description",
    )  # fmt: skip
    rows = [
        (
            _external(case), case.account, subject(case), case.state, case.owner, case.rule, case.reference_id,
            case.units, case.currency, _text(case.amount), _text(case.claim_from), _text(case.safe_by),
            _text(case.claim_by), case.case_id, description(case),
        )
        for case in cases
    ]  # fmt: skip
    return {"tickets.csv": _csv(head, rows)}


def _hubspot(cases: Sequence[Case]) -> dict[str, bytes]:
    """A unique property, the ticket's name, its pipeline and its status are what HubSpot asks for."""
    head = ("Finding ID", "Ticket name", "Pipeline", "Ticket status", "Priority", "Ticket description")
    rows = [
        (_external(case), subject(case), "FBA claims", case.state, _priority(case), description(case)) for case in cases
    ]
    return {"hubspot.csv": _csv(head, rows)}


def _zendesk(cases: Sequence[Case]) -> dict[str, bytes]:
    """JSON bodies for Zendesk's ticket import, so many tickets each."""
    status = {"waiting": "hold", "open": "open", "info_needed": "open", "denied": "open", "paid": "solved"}
    tickets = [
        {
            "external_id": _external(case),
            "subject": subject(case),
            "status": status.get(case.state, "closed" if case.state in CLOSED | {"expired"} else "pending"),
            "comments": [{"value": description(case), "public": False}],
            "tags": ["fba_claim", case.rule, case.state],
        }
        for case in cases
    ]
    files = {}
    for number, start in enumerate(range(0, len(tickets), ZENDESK_BATCH), start=1):
        content = json.dumps({"tickets": tickets[start : start + ZENDESK_BATCH]}, ensure_ascii=False, indent=1)
        files[f"zendesk-{number:03}.json"] = content.encode()
    return files


def _jira(cases: Sequence[Case]) -> dict[str, bytes]:
    head = ("External ID", "Summary", "Status", "Priority", "Due date", "Assignee", "Description")
    files = {}
    for number, start in enumerate(range(0, len(cases), JIRA_ROWS), start=1):
        rows = [
            (
                _external(case), subject(case)[:JIRA_SUMMARY], case.state, _priority(case), _text(case.safe_by),
                case.owner, description(case),
            )
            for case in cases[start : start + JIRA_ROWS]
        ]  # fmt: skip
        files[f"jira-{number:03}.csv"] = _csv(head, rows)
    return files


def subject(case: Case) -> str:
    """One line that tells a person what the ticket is about."""
    product = case.msku or case.fnsku
    worth = f", {case.amount} {case.currency}" if case.amount is not None else ""
    return f"{case.rule}: {case.units} x {product}, {case.reference_id}{worth}"


def description(case: Case) -> str:
    """What to know before opening the case."""
    lines = (
        case.summary,
        case.title,
        f"FNSKU {case.fnsku}, SKU {case.msku}, reference {case.reference_id}",
        f"Safe until {case.safe_by}, last day {case.claim_by}" if case.claim_by else "No claim window is known.",
        f"Amazon's case {case.case_id}" if case.case_id else "",
        case.reasons,
    )
    return "\n".join(line for line in lines if line)


def _external(case: Case) -> str:
    """Unique over accounts, because two accounts may have the same finding ID."""
    return f"{case.account}:{case.finding_id}" if case.account else case.finding_id


def _priority(case: Case) -> str:
    return _PRIORITY.get(case.state, "Low")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([neutralise(str(cell)) for cell in row] for row in rows)
    return out.getvalue().encode()
