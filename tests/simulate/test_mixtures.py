"""The audit and the ledger of single units agree on whatever happens to a product, and their comparison can fail.

`MIXTURE_EXAMPLES=200 python -m pytest tests/simulate/test_mixtures.py` tries more than the few of every day.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scorers import scorer

from auditor.audit import audit
from auditor.request import Request
from auditor.rulebook.rules import load_rules
from auditor.simulate import MARKETS, Account, write_account
from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.mixing import AMAZON, STEPS
from auditor.simulate.mixture import MOST_UNITS, OLDEST, Mixture, Step
from auditor.simulate.mixtures import build_mixtures, draw_mixture
from auditor.simulate.story import DAMAGED, INBOUND, LOST, RETURN
from auditor.simulate.unit_ledger import debts_of
from auditor.simulate.units import Answer, Trouble, explain, hear_amazon
from auditor.store.workspace import open_workspace

Claims = Counter[tuple[str, ...]]

EXAMPLES = int(os.environ.get("MIXTURE_EXAMPLES", "2"))


benchmark = scorer("mixtures")
COLUMNS = ("rule", "fnsku", "reference_id", "status", "claim_from", "claim_by", "units")
OTHERS_OFF = {rule.rule_id: {"off": True} for rule in load_rules()[0] if rule.rule_id not in benchmark.MIXED_RULES}
steps = st.builds(
    Step,
    kind=st.sampled_from(sorted(STEPS)),
    ago=st.integers(0, OLDEST),
    units=st.integers(1, MOST_UNITS),
    chance=st.integers(0, 99),
)
mixtures = st.builds(
    Mixture,
    steps=st.lists(steps, min_size=1, max_size=12).map(tuple),
    amazon=st.sampled_from(sorted(AMAZON)),
    chance=st.integers(0, 9),
)


def audited(account: Account, place: Path) -> Claims:
    """Audit an account without the other rules and without writing results."""
    write_account(account, place / "exports")
    request = Request([place / "exports"], open_workspace(place / "workspace"), rule_settings=OTHERS_OFF)
    units: Claims = benchmark.claims(
        {column: str(getattr(finding, column) or "") for column in COLUMNS} for finding in audit(request).findings
    )
    return units


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 50)
@given(st.integers(1, 8), st.sampled_from(sorted(MARKETS)), st.lists(mixtures, min_size=8, max_size=12))
def test_the_audit_finds_just_the_units_that_the_ledger_leaves_open(
    tmp_path_factory: pytest.TempPathFactory, seed: int, market: str, mixed: list[Mixture]
) -> None:
    account = build_mixtures(seed, market, mixed)
    found = audited(account, tmp_path_factory.mktemp("account"))
    assert benchmark.differences(benchmark.counted(account), found) == []


@settings(max_examples=25, deadline=None, derandomize=EXAMPLES < 50)
@given(st.integers(1, 8), st.sampled_from(sorted(MARKETS)), mixtures)
def test_no_more_is_owed_than_was_lost_and_no_claim_is_stated_twice(seed: int, market: str, mixed: Mixture) -> None:
    account = build_mixtures(seed, market, [mixed])
    lost: Counter[str] = Counter()
    for event in account.ledger:
        if event.quantity < 0:
            lost[event.reference] -= event.quantity
    owed = [debt for debt in debts_of(account, account.products[0]) if debt.rule in (LOST, DAMAGED)]
    assert all(0 < debt.units <= lost[debt.reference] for debt in owed)
    assert len({(debt.rule, debt.reference) for debt in owed}) == len(owed)


@pytest.fixture(scope="module")
def account() -> Account:
    rng = Random(5)
    return build_mixtures(2, "DE", [draw_mixture(rng) for _ in range(25)])


@pytest.fixture(scope="module")
def found(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Claims:
    return audited(account, tmp_path_factory.mktemp("account"))


def test_mixtures_owe_units_under_every_rule_and_in_every_state(account: Account, found: Claims) -> None:
    assert benchmark.differences(benchmark.counted(account), found) == []
    assert {LOST, DAMAGED, INBOUND, RETURN} <= {claim[0] for claim in found}
    assert {claim[3] for claim in found} == {"waiting", "open", "expired"}


def test_one_wrong_unit_is_one_difference(account: Account, found: Claims) -> None:
    for claim in found:
        for wrong in (1, -1):
            planted = found.copy()
            planted[claim] += wrong
            (told,) = benchmark.differences(benchmark.counted(account), planted)
            assert all(word in told for word in claim[:3])


@pytest.mark.parametrize("place", range(6))
def test_a_wrong_rule_product_reference_state_or_day_is_a_difference(
    account: Account, found: Claims, place: int
) -> None:
    claim = min(found)
    planted = found.copy()
    planted[(*claim[:place], "another", *claim[place + 1 :])] = planted.pop(claim)
    assert len(benchmark.differences(benchmark.counted(account), planted)) == 2


def test_a_row_that_the_exports_did_not_hold_is_a_difference(account: Account, found: Claims) -> None:
    """The ledger counts one more unit lost, of a product of which the audit found the rest."""
    owed = {debt.reference for product in account.products for debt in debts_of(account, product)}
    event = next(e for e in account.ledger if e.reference in owed and e.reason in ("M", "5") and e.day > day(40))
    before = {debt.reference: debt.units for debt in debts_of(account, event.product)}
    event.quantity -= 1
    after = {debt.reference: debt.units for debt in debts_of(account, event.product)}
    event.quantity += 1
    assert after == before | {event.reference: before[event.reference] + 1}
    assert before[event.reference] == sum(units for claim, units in found.items() if claim[2] == event.reference)


PRODUCT = Account.opened(1, MARKETS["DE"]).new_product()


def trouble(ago: int, units: int, country: str = "DE", figure: int | None = None, rule: str = LOST) -> Trouble:
    return Trouble(rule, PRODUCT, f"loss {ago}", day(ago), country, figure).add(units)


def day(ago: int) -> date:
    return AS_OF - timedelta(days=ago)


def left(troubles: list[Trouble]) -> list[int]:
    return [len(each.open_units) for each in troubles]


def test_the_oldest_loss_is_explained_first() -> None:
    losses = [trouble(20, 2), trouble(10, 2)]
    explain(losses, [Answer(day(5), "paid", 3)])
    assert left(losses) == [0, 1]


def test_what_comes_before_a_loss_is_dropped_and_not_saved_up() -> None:
    losses = [trouble(10, 2)]
    explain(losses, [Answer(day(11), "found", 5), Answer(day(10), "paid", 1)])
    assert left(losses) == [1]


def test_a_find_serves_its_own_country_before_an_older_loss_of_another() -> None:
    losses = [trouble(20, 2, "PL"), trouble(10, 2, "DE")]
    explain(losses, [Answer(day(5), "found", 3, country="DE")])
    assert left(losses) == [1, 0]


def test_a_correction_reaches_thirty_days_back_and_only_where_the_units_lie() -> None:
    damages = [trouble(41, 1, rule=DAMAGED), trouble(40, 1, rule=DAMAGED), trouble(20, 1, rule=DAMAGED)]
    damages[2].units[0].place = "WAREHOUSE_DAMAGED"
    explain(damages, [Answer(day(10), "corrected", 3, place="CUSTOMER_DAMAGED")])
    assert left(damages) == [1, 0, 1]


def test_a_fresh_figure_stands_and_stale_ones_only_as_far_as_the_rows_leave_units_open() -> None:
    losses = [trouble(90, 3, figure=3), trouble(80, 3, figure=3), trouble(10, 4, figure=1)]
    losses[2].fresh = True
    explain(losses, [Answer(day(5), "paid", 5)])  # leaves 0, 1 and 4 open
    hear_amazon(losses)
    assert left(losses) == [1, 3, 1]


def test_units_that_a_row_explains_give_way_before_older_ones_of_which_no_row_tells() -> None:
    damages = [trouble(75, 4, figure=4, rule=DAMAGED), trouble(46, 2, figure=2, rule=DAMAGED)]
    explain(damages, [Answer(day(27), "corrected", 2, place="WAREHOUSE_DAMAGED")])
    hear_amazon(damages)
    assert left(damages) == [4, 0]


def test_a_stale_figure_lower_than_the_rows_is_believed() -> None:
    losses = [trouble(90, 3, figure=1), trouble(80, 3, figure=3)]
    hear_amazon(losses)
    assert left(losses) == [1, 3]
