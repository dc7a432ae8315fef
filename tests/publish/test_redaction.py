"""A page to share: nothing in it names a product, an order, a seller or an amount, and the counting still shows."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import page_results as made
import pytest

from auditor.model import Results
from auditor.publish import page
from auditor.publish.redaction import redacted

ORDER = "114-3941689-8772232"


@pytest.fixture(scope="module")
def results() -> Results:
    """Forty findings, one of which names an order everywhere, and money in every text."""
    some = made.some()
    first, *others = some.findings
    named = replace(
        first,
        reference_id=ORDER,
        account="Blue Kettle Ltd",
        reasons=f"capped: Amazon pays at most 99.95 USD for one unit; see {ORDER}",
        summary=f"Refunded: 1 refunded - 0 returned = 1 open of {ORDER}",
    )
    evidence = [replace(row, order_id=ORDER) if row.finding_id == first.finding_id else row for row in some.evidence]
    not_claimed = [replace(c, reference_id=ORDER, explanation=f"paid 4711.50 for {ORDER}") for c in some.not_claimed]
    manifest = {**some.manifest, "account": "Blue Kettle Ltd", "warnings": [f"the rows of {ORDER} differ by 12.34"]}
    return replace(
        some,
        findings=(named, *others),
        evidence=tuple(evidence),
        not_claimed=tuple(not_claimed),
        manifest=manifest,
    )


@pytest.fixture(scope="module", params=["listed", "packed"])
def shared(request: pytest.FixtureRequest, results: Results) -> str:
    """The page, with its findings as rows and as the packed list of a long page."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "packed":
            patch.setattr("auditor.publish.page_lists.MOST_ROWS", 1)
        return page.render(results, redact=True)


def test_no_title_order_or_account_stands_in_it(results: Results, shared: str) -> None:
    titles = {f.title for f in results.findings if f.title}
    assert len(titles) > 5
    assert not [title for title in titles if title in shared]
    assert not [word for word in ("Bramblewick", "onerror", "ステンレス") if word in shared]
    assert ORDER not in shared
    assert "Blue Kettle" not in shared


def test_no_amount_of_money_stands_in_it(results: Results, shared: str) -> None:
    body = shared.split("</script>", 1)[1]
    amounts = {f"{f.amount:,}" for f in results.findings if f.amount is not None and f.amount >= Decimal(100)}
    assert len(amounts) > 10
    assert not [amount for amount in amounts if amount in body]
    assert not re.findall(r"[$€¥]\s?\d", body)
    assert "4711" not in body
    assert "99.95" not in body
    assert "12.34" not in body


def test_rules_days_units_and_places_in_files_are_as_they_were(results: Results, shared: str) -> None:
    assert [f.finding_id for f in results.findings if f.finding_id not in shared] == []
    assert [f.fnsku for f in results.findings if f.fnsku not in shared] == []
    assert "A copy to share" in shared


def test_the_story_still_shows_file_line_and_units(results: Results) -> None:
    shared = page.render(results, redact=True)
    row = next(row for row in results.evidence if row.units)
    assert f"{row.file}:{row.line}" in shared
    assert "1 refunded - 0 returned = 1 open" in shared


def test_no_draft_and_no_raw_row_is_left(results: Results) -> None:
    hidden = redacted(results)
    assert hidden.drafts == ()
    assert {row.order_id for row in hidden.evidence} | {str(row.row) for row in hidden.evidence} == {"", "{}"}
    assert {reject.raw for reject in hidden.rejects} == {""}


def test_what_was_audited_is_not_changed(results: Results) -> None:
    before = results.findings[0]
    redacted(results)
    assert results.findings[0] is before
