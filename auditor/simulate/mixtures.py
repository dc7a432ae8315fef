"""Random mixtures: many things happen to one product, and the unit ledger says what is owed in the end.

A mixture is a plain list of steps, so that a seed or a property-based test can draw it, and one step can be left out
to see whether it matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from auditor.simulate.account import Account
from auditor.simulate.markets import MARKETS
from auditor.simulate.mixing import AMAZON, STEPS, plant
from auditor.simulate.mixture import GROUP, MOST_UNITS, OLDEST, Mixing, Mixture, Step
from auditor.simulate.ordinary import live
from auditor.simulate.records import Product
from auditor.simulate.story import DAMAGED, INBOUND, LOST, RETURN, Story
from auditor.simulate.unit_ledger import SHORT, debts_of
from auditor.simulate.windows import DISPUTES, RETURNS, WAREHOUSE, Window, region_of
from auditor.simulate.windows import INBOUND as INBOUND_WINDOWS

MIXED_RULES = (LOST, DAMAGED, INBOUND, RETURN, SHORT)
#: How long ago things happen: under a fresh figure, under a stale one, beyond the window.
_AGES = ((0, 26), (27, 46), (46, 62), (63, 120), (121, OLDEST))


def draw_mixture(rng: Random) -> Mixture:
    """Draw a mixture of some steps, most of them close to each other."""
    kinds = sorted(rng.sample(sorted(STEPS), rng.randint(4, len(STEPS))))
    steps = []
    for _ in range(rng.randint(3, 16)):
        low, high = rng.choices(_AGES, (4, 4, 3, 3, 1))[0]
        steps.append(Step(rng.choice(kinds), rng.randint(low, high), rng.randint(1, MOST_UNITS), rng.randrange(2**32)))
    return Mixture(tuple(steps), rng.choice(sorted(AMAZON)), rng.randrange(2**32))


def build_mixtures(seed: int, market: str, mixtures: Sequence[Mixture], rows: int = 0) -> Account:
    """Build an account in which each mixture happens to one product, among ordinary life; its truth is counted."""
    account = Account.opened(seed, MARKETS[market])
    account.figures = seed % 2 == 1  # without figures the rows alone decide, so half of the accounts have none
    products = []
    chance = account.rng
    for mixture in mixtures:
        product = account.new_product()
        products.append(product)
        plant(Mixing(account, product, mixture))
        account.rng = chance
    live(account, rows)
    account.rng.shuffle(account.ledger)
    account.ledger.sort(key=lambda event: event.day)
    for number, product in enumerate(products, 1):
        account.scenarios.append(f"mixture-{number}")
        _state_truth(account, product, f"mixture-{number}")
    return account


def _state_truth(account: Account, product: Product, name: str) -> None:
    for debt in debts_of(account, product):
        story = Story(account, name, debt.rule, product, GROUP)
        confidence = "high" if debt.certain else "review"
        value = story.by_cost(product)
        window = _window(debt.rule, debt.country)
        story.claim(product, debt.reference, debt.anchor, debt.units, window, value, debt.country, confidence)


def _window(rule: str, country: str) -> Window:
    windows = {INBOUND: INBOUND_WINDOWS, RETURN: RETURNS, SHORT: DISPUTES}.get(rule, WAREHOUSE)
    return windows[region_of(country)]
