"""The first page of an account: somebody who has never seen the tool knows what to export, and what comes next."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.accounts.letters import letter
from auditor.accounts.listing import Account
from auditor.accounts.portfolio_page import portfolio_json, render
from auditor.accounts.settings import DOCUMENTS
from auditor.accounts.start import exports_wanted, lacks_something, start_page
from auditor.accounts.start_files import MARK, StartPages
from auditor.accounts.words import words_of
from auditor.claims.cases.log import CaseLog
from auditor.exports.catalog import load_catalog
from auditor.model import AuditError
from auditor.publish.folder import checked
from auditor.publish.language import REPORTS, load_language

from .alert_world import DAY, account, case, seen
from .portfolio_world import LANGUAGES, portfolio, view_of

TOOL = {"name": "audit", "version": "0"}


def need(report: str, state: str, rule: str = "warehouse_lost", **more: Any) -> dict[str, Any]:
    return {"rule": rule, "report": report, "instead": [], "state": state, "days": [], **more}


def manifest(*needs: dict[str, Any], **more: Any) -> dict[str, Any]:
    rules = [{"rule": "warehouse_lost", "title": "Lost in <warehouse>"}]
    return {"tool": TOOL, "as_of": DAY.isoformat(), "rules": rules, "needs": list(needs), **more}


WHOLE = manifest(need("ledger_detail", "covered"), need("costs", "covered"))


def steps(page: str) -> dict[str, str]:
    return dict(re.findall(r'<h2 id="h-(\w+)">.*?<span class="tag.*?">(.+?)</span>', page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_without_results_gets_every_export_and_step_in_its_language(language: str) -> None:
    own = account(language=language, name="Kessel <& Söhne>")
    page = start_page(own, None, ())
    words, names = words_of(language), load_language(language)
    assert f'<html lang="{language}">' in page
    assert "Kessel &lt;&amp; Söhne&gt;" in page
    text = html.unescape(page)
    for key in ("explain", "no_results", "exports_how", "claims_how", "next_how"):
        assert words.text("start", key) in text
    assert all(paper in text for paper in words.documents(DOCUMENTS["private_label"]))
    catalog = load_catalog()
    for report in ("ledger_detail", "reimbursements", "customer_returns", "settlement_v2", "shipping_queue"):
        assert names.named(catalog.reports[report].title, REPORTS) in text
        assert catalog.reports[report].download in text
    assert words.text("start", "costs_how", columns="sku, unit-cost, currency, effective-from") in text
    assert set(steps(page).values()) == {words.text("start", "todo")}


def test_the_page_is_whole_in_itself_and_runs_nothing() -> None:
    page = start_page(account(), None, ())
    assert "<script" not in page
    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r'(?:src|href)="[^"]*"', page)
    assert " style=" not in page


def test_exports_that_are_missing_stand_first_then_those_that_most_rules_need() -> None:
    wanted = exports_wanted(
        manifest(
            need("ledger_detail", "covered"),
            need("reimbursements", "ends early", days=[{"from": "2026-04-01", "to": "2026-05-03"}]),
            need("customer_returns", "missing"),
            need("all_orders", "missing"),
            need("all_orders", "covered", "mcf_lost"),
        )
    )
    assert [(each.report, each.state, len(each.rules)) for each in wanted] == [
        ("all_orders", "missing", 2),
        ("customer_returns", "missing", 1),
        ("reimbursements", "gaps", 1),
        ("ledger_detail", "here", 1),
    ]
    nothing = exports_wanted(None)
    assert {each.state for each in nothing} == {"missing"}
    assert nothing[0].report == "reimbursements"


def test_an_account_with_some_exports_sees_what_is_here_and_which_days_are_missing() -> None:
    some = manifest(
        need("ledger_detail", "covered"),
        need("reimbursements", "ends early", days=[{"from": "2026-04-01", "to": "2026-05-03"}]),
        need("settlement_v2", "missing", instead=["transactions"]),
        need("costs", "missing"),
        missing_costs=[{"sku": "S", "units": 1}, {"sku": "T", "units": 1}],
    )
    page = start_page(account(documents=("packing_slip",)), some, ())
    assert "There are results up to 4 May 2026" in page
    assert '<a href="summary.html">Open the results</a>' in page
    assert "Days to take: 1 Apr 2026 – 3 May 2026" in page
    assert "Settlement V2 / Transaction report (date range)" in page
    assert "Lost in &lt;warehouse&gt;" in page
    assert "Products without a cost while claims wait for it: 2." in page
    assert page.count("(at hand)") == 1
    assert steps(page) == dict.fromkeys(("exports", "costs", "documents", "claims"), "to do")


def test_each_step_is_done_for_its_own_reason_and_nothing_left_is_no_page() -> None:
    new = account(stage="new")
    assert steps(start_page(new, WHOLE, ())) == {
        "exports": "done", "costs": "done", "documents": "to do", "claims": "to do",
    }  # fmt: skip
    assert steps(start_page(new, manifest(need("costs", "missing")), ()))["costs"] == "to do"
    assert steps(start_page(new, WHOLE, [case(1, "filed")]))["claims"] == "done"
    ready = account(stage="new", documents=DOCUMENTS["private_label"])
    assert start_page(ready, WHOLE, [case(1, "filed")]) == ""


def test_who_needs_the_page() -> None:
    assert lacks_something(account(), None)
    assert lacks_something(account(), manifest(need("all_orders", "missing")))
    assert not lacks_something(account(), manifest(need("all_orders", "ends early"), need("costs", "missing")))
    assert lacks_something(account(stage="trial"), WHOLE)
    assert not lacks_something(account(), {"tool": TOOL, "as_of": DAY.isoformat()})


@pytest.fixture
def pages() -> Iterator[StartPages]:
    made = StartPages()
    yield made
    made.close()


def test_the_page_stands_in_the_place_of_the_account_until_nothing_is_missing(
    pages: StartPages, tmp_path: Path
) -> None:
    out, log = tmp_path / "out" / "kettle", f"sqlite:///{tmp_path / 'cases.db'}"
    own: Account = account()
    pages.bring_up_to_date(own, out, log)
    first = (out / "start.html").stat()
    assert MARK in (out / "start.html").read_bytes()
    checked(out)  # a first audit may write there
    pages.bring_up_to_date(own, out, log)
    again = (out / "start.html").stat()
    assert (again.st_mtime_ns, again.st_ino) == (first.st_mtime_ns, first.st_ino)
    pages.bring_up_to_date(account(language="de"), out, log)
    assert b'<html lang="de">' in (out / "start.html").read_bytes()
    (out / "run.json").write_text(json.dumps(WHOLE), encoding="utf-8")
    pages.bring_up_to_date(own, out, log)
    assert [path.name for path in out.iterdir()] == ["run.json"]


def test_a_case_of_the_log_ticks_its_step_and_a_cancelled_account_has_no_page(
    pages: StartPages, tmp_path: Path
) -> None:
    out, log = tmp_path / "kettle", f"sqlite:///{tmp_path / 'cases.db'}"
    pages.bring_up_to_date(account(), out, log)
    with CaseLog(log).changing() as con:
        from auditor.claims.cases.schema import cases

        filed = case(1, "filed", DAY - timedelta(days=1))
        con.execute(cases.insert().values({name: getattr(filed, name) for name in type(filed).__slots__}))
    pages.bring_up_to_date(account(), out, log)
    assert steps((out / "start.html").read_text(encoding="utf-8"))["claims"] == "done"
    pages.bring_up_to_date(account(stage="cancelled"), out, log)
    assert not list(out.iterdir())


def test_a_persons_own_file_of_that_name_is_left_alone(pages: StartPages, tmp_path: Path) -> None:
    (tmp_path / "start.html").write_text("mine", encoding="utf-8")
    pages.bring_up_to_date(account(), tmp_path, f"sqlite:///{tmp_path / 'cases.db'}")
    assert (tmp_path / "start.html").read_text(encoding="utf-8") == "mine"


def test_a_place_that_is_a_file_is_named(pages: StartPages, tmp_path: Path) -> None:
    (tmp_path / "kettle").write_text("", encoding="utf-8")
    with pytest.raises(AuditError, match="kettle"):
        pages.bring_up_to_date(account(), tmp_path / "kettle", f"sqlite:///{tmp_path / 'cases.db'}")


def test_results_of_another_version_are_named_and_stop_nobody(pages: StartPages, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(manifest({"report": "all_orders"})), encoding="utf-8")
    with pytest.raises(AuditError, match="not as this version writes it"):
        pages.bring_up_to_date(account(), tmp_path, f"sqlite:///{tmp_path / 'cases.db'}")


def test_a_new_account_with_an_empty_folder_is_asked_for_its_exports(tmp_path: Path) -> None:
    lacks = seen(account=account(stage="new", language="de", paths=(tmp_path,)), as_of=None, newest=None, failed="none")
    draft = letter(view_of(lacks), DAY)
    assert draft is not None
    assert "Bitte laden Sie diese Berichte in Seller Central herunter" in draft.body
    assert "Erstattungen; Bestandsbuch, Detailansicht" in draft.body
    (tmp_path / "ledger.txt").write_text("x", encoding="utf-8")
    assert letter(view_of(lacks), DAY) is None


def test_the_portfolio_leads_to_the_first_page() -> None:
    view = replace(view_of(seen(as_of=None, failed="there are no files")), page="", start="kettle/start.html")
    page = render(portfolio([view]), "../batch")
    assert page.count('href="../batch/kettle/start.html"') == 2
    assert portfolio_json(portfolio([view]))["accounts"][0]["start"] == "kettle/start.html"
