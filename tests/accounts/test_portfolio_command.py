"""`audit portfolio` over results folders: the page, the files, what people decide, and what goes wrong."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.accounts.portfolio_page import portfolio_json, render
from auditor.accounts.seeing import see
from auditor.cli import cli
from auditor.model import EvidenceRow, Finding, NotClaimed, Results
from auditor.publish.folder import write_results

from .alert_world import DAY, account, finding, seen
from .portfolio_world import person, portfolio, rich_view, view_of

LISTING = """
[people.mira]
name = "Mira"
language = "de"
time_zone = "Europe/Berlin"

[defaults]
owner = "mira"
exports = "exports"

[[account]]
id = "kettle"
[[account]]
id = "pan"
"""
Audit = Callable[..., Result]


def lost_row(finding_id: str, units: int, day: date, line: int) -> EvidenceRow:
    return EvidenceRow(
        finding_id, "lost", units, "ledger_detail", "ledger.csv", "0" * 64, line, day, "X000000001", "SKU-1", "",
        "20000000000001", "Adjustments M", -units, "", None, {"Fulfillment Center": "LEX1"},
    )  # fmt: skip


def results(findings: list[Finding], as_of: date = DAY) -> Results:
    manifest = {
        "tool": {"name": "audit", "version": "0"},
        "as_of": as_of.isoformat(),
        "inputs": [{"file": "ledger.csv", "report": "ledger_detail", "last_date": as_of.isoformat()}],
        "coverage": [{"report": "ledger_detail", "first_date": "2026-01-01", "last_date": as_of.isoformat()}],
        "to_export": [
            {"report": "customer_returns", "title": "FBA customer returns", "units": 3, "worth": {"USD": "9.5"}},
            {"report": "customer_returns", "title": "FBA customer returns", "units": 1, "worth": {"USD": "1.5"}},
        ],
        "missing_costs": [
            {"sku": "S", "units": 2, "currency": "USD", "next_deadline": "2026-06-01", "worth_if_sold": ""}
        ],
    }
    evidence = [lost_row(f.finding_id, f.units, DAY, n) for n, f in enumerate(findings)]
    paid = NotClaimed("warehouse_lost", "US", "X2", "SKU-2", "2", 4, "paid", DAY - timedelta(days=30), "paid")
    return Results(tuple(findings), tuple(evidence), (paid,), (), (), manifest)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    (tmp_path / "accounts.toml").write_text(LISTING, encoding="utf-8")
    findings = [finding(n, safe_by=DAY + timedelta(days=7)) for n in (1, 2)]
    for name in ("kettle", "pan"):
        write_results(results(findings), tmp_path / "batch" / name, extra={"summary.html": b"<p>page</p>"})
    where = ["--batch", str(tmp_path / "batch"), "--database-url", f"sqlite:///{tmp_path / 'cases.db'}"]

    def run(*arguments: str, code: int = 0) -> Result:
        given = list(arguments)
        if given[0] == "portfolio":
            given.insert(1, str(tmp_path / "accounts.toml"))
        else:
            given += ["--accounts", str(tmp_path / "accounts.toml"), "--by", "mira", "--on", DAY.isoformat()]
        done = CliRunner().invoke(cli, [*given, *where])
        assert done.exit_code == code, done.output
        return done

    return run


def files(folder: Path) -> dict[str, bytes]:
    skipped = re.compile(r"(kettle|pan)/")
    found = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    return {name: content for name, content in found.items() if not skipped.match(name)}


def test_results_say_what_was_lost_where_and_what_is_left(tmp_path: Path) -> None:
    whole = finding(1, units=6, amount=Decimal("60.00"))
    write_results(results([whole]), tmp_path / "kettle", extra={})
    view, _ = see(account(), tmp_path / "kettle")
    assert [(x.day, x.building, x.units, x.left, x.amount) for x in view.losses] == [
        (DAY, "LEX1", 6, 6, Decimal("60.00")),
        (DAY - timedelta(days=30), "", 4, 0, None),
    ]
    assert view.ledger == (date(2026, 1, 1), DAY)
    assert [(e.report, e.worth) for e in view.to_export] == [("customer_returns", (("USD", Decimal("11.0")),))]
    assert view.missing_costs[0].sku == "S"


def test_a_morning_writes_page_json_table_digests_calendar_and_drafts(audit: Audit, tmp_path: Path) -> None:
    said = audit("portfolio").output
    assert said.startswith(f"{DAY}: 2 accounts")
    assert set(files(tmp_path / "batch")) == {
        "portfolio.html", "portfolio.json", "trend.json", "alerts.csv", "messages/kettle.en.txt", "messages/pan.en.txt",
        "digests/mira.eml", "digests/mira.slack.json", "digests/mira.teams.json", "digests/mira.ics",
    }  # fmt: skip


def test_the_same_day_again_gives_the_same_bytes(audit: Audit, tmp_path: Path) -> None:
    audit("portfolio")
    first = files(tmp_path / "batch")
    audit("portfolio")
    assert files(tmp_path / "batch") == first


def test_the_next_day_with_nothing_new_leaves_no_digest_of_yesterday(audit: Audit, tmp_path: Path) -> None:
    audit("portfolio")
    audit("portfolio", "--as-of", (DAY + timedelta(days=1)).isoformat())
    assert [name for name in files(tmp_path / "batch") if name.startswith(("digests", "messages"))] == [
        "digests/mira.ics"
    ]


def test_an_account_without_results_is_an_alert_and_the_others_go_on(audit: Audit, tmp_path: Path) -> None:
    with (tmp_path / "accounts.toml").open("a", encoding="utf-8") as file:
        file.write('[[account]]\nid = "gone"\n')
    told = json.loads(audit("portfolio", "--json").stdout)
    by_id = {each["id"]: each for each in told["accounts"]}
    assert [alert["kind"] for alert in by_id["gone"]["alerts"]] == ["failed"]
    assert "deadline" in {alert["kind"] for alert in by_id["pan"]["alerts"]}


def test_a_faulty_account_is_named_and_the_exit_code_says_so(audit: Audit, tmp_path: Path) -> None:
    with (tmp_path / "accounts.toml").open("a", encoding="utf-8") as file:
        file.write('[[account]]\nid = "odd"\ntime_zone = "Mars"\n')
    assert "Mars" in audit("portfolio", code=5).output


def test_no_results_at_all_says_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "accounts.toml").write_text(LISTING, encoding="utf-8")
    given = ["portfolio", str(tmp_path / "accounts.toml"), "--batch", str(tmp_path), "--workspace", str(tmp_path / "w")]
    done = CliRunner().invoke(cli, given)
    assert done.exit_code == 1
    assert "audit batch" in done.output


def test_people_acknowledge_snooze_and_close_and_it_is_not_told_again(audit: Audit, tmp_path: Path) -> None:
    audit("portfolio")
    key = f"deadline:7:{DAY}"
    assert key in audit("accounts", "alerts", "kettle").output
    audit("accounts", "acknowledge", "kettle", key)
    audit("accounts", "snooze", "kettle", f"costs:1:{DAY}", "--until", "2026-05-09", "--note", "next week")
    audit("accounts", "close", "kettle", f"missing:1:{DAY}")
    states = audit("accounts", "alerts", "kettle", "--all").output
    assert f"{key}  acknowledged" in states
    assert f"missing:1:{DAY}  closed" in states
    digest = audit("portfolio", "--json").stdout
    kettle = next(each for each in json.loads(digest)["accounts"] if each["id"] == "kettle")
    assert {alert["key"]: alert["state"] for alert in kettle["alerts"]} == {
        key: "acknowledged",
        f"costs:1:{DAY}": "snoozed",
    }


def test_a_contact_is_noted_and_shown(audit: Audit) -> None:
    audit("accounts", "contact", "kettle", "--note", "asked for costs", "--channel", "e-mail", "--outcome", "Friday")
    assert f"{DAY}  mira  e-mail  asked for costs  → Friday" in audit("accounts", "contacts", "kettle").output


def test_an_unknown_account_or_alert_is_answered_with_those_that_are_there(audit: Audit) -> None:
    audit("portfolio")
    assert "kettle" in audit("accounts", "alerts", "ketle", code=2).output
    assert f"deadline:7:{DAY}" in audit("accounts", "close", "kettle", "nothing", code=2).output


def test_the_page_links_to_the_accounts_from_another_folder(audit: Audit, tmp_path: Path) -> None:
    audit("portfolio", "--out", str(tmp_path / "web" / "today"))
    page = (tmp_path / "web" / "today" / "portfolio.html").read_text(encoding="utf-8")
    assert 'href="../../batch/kettle/summary.html"' in page


def test_the_page_loads_nothing_and_runs_nothing_but_its_own() -> None:
    hostile = rich_view(name="<script>alert(1)</script>")
    page = render(portfolio([view_of(hostile)]))
    assert "<script>alert(1)" not in page
    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r'(?:src|href)="(?!#|kettle/summary\.html)[^"]*"', page)
    assert " style=" not in page


def test_currencies_are_never_added() -> None:
    told = portfolio_json(portfolio([view_of(rich_view())]))
    assert told["accounts"][0]["at_risk"]["within_7"] == {"EUR": "931.50", "JPY": "1240"}


def test_every_account_stands_on_the_page_once() -> None:
    names = [f"a{n}" for n in range(120)]
    page = render(portfolio([view_of(replace(rich_view(), account=account(name))) for name in names]))
    assert sorted(re.findall('id="a-([^"]+)" data-account ', page)) == sorted(names)


def test_the_headline_says_what_ends_first_and_what_comes_then() -> None:
    claims = [
        finding(1, safe_by=DAY, currency="EUR", amount=Decimal("917.00")),
        finding(2, safe_by=DAY + timedelta(days=7), currency="EUR", amount=Decimal("6388.00")),
    ]
    [intro] = re.findall('<p class="intro">(.*)', render(portfolio([view_of(seen(findings=claims))])))
    assert intro.index("€917.00. By 4 May 2026.") < intro.index("Then: Deadline within 7 days, €6,388.00.")


def test_what_somebody_has_taken_on_is_nobodys_call(audit: Audit, tmp_path: Path) -> None:
    audit("portfolio")
    told = json.loads((tmp_path / "batch" / "portfolio.json").read_text())
    for row in told["accounts"]:
        for alert in row["alerts"]:
            audit("accounts", "acknowledge", row["id"], alert["key"])
    audit("portfolio")
    page = (tmp_path / "batch" / "portfolio.html").read_text()
    assert "nobody has to be called" in page
    assert "No alert is open." in page


def test_a_folder_that_the_batch_wrote_need_not_be_named_twice(tmp_path: Path) -> None:
    (tmp_path / "accounts.toml").write_text(LISTING, encoding="utf-8")
    out = tmp_path / "results"
    write_results(results([finding(1)]), out / "kettle", extra={})
    asked = ["portfolio", str(tmp_path / "accounts.toml"), "--out", str(out), "--workspace", str(tmp_path / "w")]
    refused = CliRunner().invoke(cli, asked)
    assert refused.exit_code != 0
    assert "--batch" in refused.output
    (out / "batch.json").write_text('{"accounts": []}', encoding="utf-8")
    done = CliRunner().invoke(cli, asked)
    assert done.exit_code == 0, done.output
    assert (out / "portfolio.html").is_file()


def test_a_quiet_portfolio_says_that_nobody_has_to_be_called() -> None:
    page = render(portfolio([view_of(seen())], person()))
    assert "nobody has to be called" in page
