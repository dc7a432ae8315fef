"""Builds one account: every scenario once, some of them together on one product, and ordinary life."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from auditor.simulate import scenarios
from auditor.simulate.account import Account
from auditor.simulate.markets import MARKETS
from auditor.simulate.ordinary import live
from auditor.simulate.records import Product
from auditor.simulate.registry import SCENARIOS, Scenario
from auditor.simulate.story import DAMAGED, INBOUND, LOST, RETURN

for subject in sorted(module.name for module in iter_modules(scenarios.__path__)):
    import_module(f"{scenarios.__name__}.{subject}")

COMBINED = 5


def build_account(seed: int, market: str, rows: int) -> Account:
    """Build the account of a seed in a market (`US`, `UK`, `DE`, `JP`) with about `rows` ledger events."""
    account = Account.opened(seed, MARKETS[market])
    fitting = [each for each in SCENARIOS if each.fits(market)]
    for each in account.rng.sample(fitting, len(fitting)):
        _play(account, each, each.id, each.group)
    for number in range(1, COMBINED + 1):
        # Stories of different families do not touch each other, even on one product.
        shared = account.new_product()
        for family in (LOST, DAMAGED, RETURN, INBOUND):
            each = account.rng.choice([s for s in fitting if s.family == family and not s.alone])
            _play(account, each, f"several-on-one-product-{number}/{each.id}", "several on one product", shared)
    live(account, rows)
    account.rng.shuffle(account.ledger)
    account.ledger.sort(key=lambda event: event.day)
    return account


def _play(account: Account, scenario: Scenario, name: str, group: str, shared: Product | None = None) -> None:
    account.scenarios.append(name)
    scenario.plant(scenario.stage(account, name, scenario.family, shared, group))
