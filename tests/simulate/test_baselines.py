"""The short cuts claim what their formula says, and their score can fail."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from scorers import scorer

from auditor.simulate import MARKETS, Account
from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.records import LedgerEvent
from auditor.simulate.story import LOST
from auditor.simulate.warehouse import WarehouseStory

baselines = scorer("baselines")
DUE = date(2026, 7, 1)
DEBT = baselines.Claim(LOST, "loss", "X001", "sku", 5, DUE)


def result(*claimed: object) -> tuple[int, int, int, int, int]:
    score = baselines.Result()
    score.add([DEBT], claimed)
    return score.owed, score.claimed, score.right, score.late_or_early, score.days_off


def claim(reference: str = "loss", fnsku: str = "X001", units: int = 5, claim_by: date = DUE) -> object:
    return baselines.Claim(LOST, reference, fnsku, "", units, claim_by)


def test_a_right_claim_has_nothing_wrong() -> None:
    assert result(claim()) == (5, 5, 5, 0, 0)


def test_a_unit_owed_is_found_once() -> None:
    assert result(claim(), claim()) == (5, 10, 5, 0, 0)


def test_another_reference_or_product_is_not_what_is_owed() -> None:
    assert result(claim(reference="other")) == (5, 5, 0, 0, 0)
    assert result(claim(fnsku="X002")) == (5, 5, 0, 0, 0)


def test_a_wrong_last_day_counts_for_each_unit_rightly_claimed() -> None:
    assert result(claim(units=2, claim_by=DUE - timedelta(days=3))) == (5, 2, 2, 2, 6)


@pytest.fixture
def story() -> WarehouseStory:
    """A loss of 5 units, of which 2 are found next day and 1 is paid for ten days after."""
    account = Account.opened(1, MARKETS["US"])
    story = WarehouseStory(account, "test", LOST, account.new_product())
    loss = story.lose(story.product(), 5, AS_OF - timedelta(days=30))
    story.find(loss.product, 2, loss.day + timedelta(days=1), [(loss, 2)])
    story.reimburse(loss.product, loss.day + timedelta(days=10), [], cash=1)
    return story


@pytest.mark.parametrize(
    ("look", "units"),
    [
        ("unreconciled_as_it_is", 3),
        ("sums_per_product", 2),
        ("nearest_later_payment", 4),
        ("same_product_same_day", 5),
    ],
)
def test_each_short_cut_claims_what_its_formula_leaves(story: WarehouseStory, look: str, units: int) -> None:
    loss: LedgerEvent = story.account.ledger[0]
    (claimed,) = getattr(baselines, look)(story.account)
    assert (claimed.reference, claimed.units) == (loss.reference, units)
    assert claimed.claim_by == loss.day + timedelta(days=60)


def test_every_short_cut_has_a_line_in_the_table(story: WarehouseStory) -> None:
    measured = baselines.Baselines()
    measured.add(story.account, {"owed": []}, [])
    table = measured.table()
    assert all(f"| {name} |" in table for name in baselines.LOOKS)
    assert table.count("| this tool |") == 2
