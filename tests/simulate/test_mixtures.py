"""The audit and the ledger of single units agree on whatever happens to a product, and their comparison can fail.

`MIXTURE_EXAMPLES=200 python -m pytest tests/simulate/test_mixtures.py` tries more than the few of every day.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.simulate import MARKETS, Account
from auditor.simulate.calendar_of_account import AS_OF
from auditor.simulate.mixtures import AMAZON, MOST_UNITS, OLDEST, STEPS, Mixture, Step, build_mixtures, draw_mixture
from auditor.simulate.story import DAMAGED, LOST
from auditor.simulate.unit_ledger import Answer, Trouble, debts_of, explain, hear_amazon

EXAMPLES = int(os.environ.get("MIXTURE_EXAMPLES", "2"))


def _load() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "mixtures.py"
    spec = importlib.util.spec_from_file_location("mixtures", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mixtures"] = module
    spec.loader.exec_module(module)
    return module


benchmark = _load()
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


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES < 50)
@given(
    st.integers(1, 8),
    st.sampled_from(sorted(MARKETS)),
    st.lists(mixtures, min_size=8, max_size=12),
)
def test_the_audit_finds_just_the_units_that_the_ledger_leaves_open(
    tmp_path_factory: pytest.TempPathFactory, seed: int, market: str, mixed: list[Mixture]
) -> None:
    assert benchmark.compare(seed, market, mixed, tmp_path_factory.mktemp("account")) == {}


@settings(max_examples=100, deadline=None)
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
def found(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, ...]]:
    units: Counter[tuple[str, ...]] = benchmark.audited(account, tmp_path_factory.mktemp("account"))
    return units


def test_mixtures_owe_units_under_every_rule(account: Account, found: Counter[tuple[str, ...]]) -> None:
    assert benchmark.differences(benchmark.counted(account), found) == []
    assert {claim[0] for claim in found} == set(benchmark.MIXED_RULES)
    assert {claim[3] for claim in found} == {"waiting", "open", "expired"}


def test_one_wrong_unit_is_one_difference(account: Account, found: Counter[tuple[str, ...]]) -> None:
    for claim in found:
        for wrong in (1, -1):
            planted = found.copy()
            planted[claim] += wrong
            (told,) = benchmark.differences(benchmark.counted(account), planted)
            assert all(word in told for word in claim[:3])


@pytest.mark.parametrize("place", range(6))
def test_a_wrong_rule_product_reference_state_or_day_is_a_difference(
    account: Account, found: Counter[tuple[str, ...]], place: int
) -> None:
    claim = min(found)
    planted = found.copy()
    planted[(*claim[:place], "another", *claim[place + 1 :])] = planted.pop(claim)
    assert len(benchmark.differences(benchmark.counted(account), planted)) == 2


def test_a_loss_that_the_truth_does_not_know_is_a_difference(tmp_path: Path) -> None:
    """The whole way: a row is planted behind the ledger's back, exported, audited, and told."""
    losing = Mixture((Step("lose", 10, 3, 1),))
    account = build_mixtures(1, "US", [losing])
    expected = benchmark.counted(account)
    planted = next(event for event in account.ledger if event.reason in ("M", "5"))
    planted.quantity -= 1
    (told,) = benchmark.differences(expected, benchmark.audited(account, tmp_path))
    assert "3 units owed, 4 found" in told


def trouble(ago: int, units: int, country: str = "DE", figure: int | None = None, rule: str = LOST) -> Trouble:
    product = account_product()
    return Trouble(rule, product, f"loss {ago}", day(ago), country, figure).add(units)


def account_product() -> Account:
    return None  # type: ignore[return-value]


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


def test_a_fresh_figure_stands_and_a_stale_one_only_as_far_as_the_rows_leave_units_open() -> None:
    losses = [trouble(90, 3, figure=3), trouble(80, 3, figure=3), trouble(10, 4, figure=1)]
    losses[2].fresh = True
    explain(losses, [Answer(day(5), "paid", 5)])  # leaves 0, 1 and 4 open
    hear_amazon(losses)
    assert left(losses) == [0, 3, 1] or left(losses) == [1, 3, 1]
