"""The list of scenarios; a scenario's ID is its function's name with hyphens, a short sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from auditor.simulate.story import Story

S = TypeVar("S", bound=Story)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario; `group` is its module's subject, and no `markets` means everywhere.

    `alone`: its rows would disturb another story on the same product.
    """

    id: str
    family: str
    group: str
    stage: type[Story]
    plant: Callable[..., None]
    alone: bool
    markets: tuple[str, ...]

    def fits(self, market: str) -> bool:
        """Say whether the scenario can happen in a market."""
        return not self.markets or market in self.markets


SCENARIOS: list[Scenario] = []


def scenario(
    family: str, stage: type[S], *, alone: bool = False, markets: tuple[str, ...] = ()
) -> Callable[[Callable[[S], None]], Callable[[S], None]]:
    """Register a function that plants one scenario."""

    def register(plant: Callable[[S], None]) -> Callable[[S], None]:
        name = plant.__name__.strip("_").replace("_", "-")
        group = plant.__module__.rsplit(".", 1)[-1].replace("_", " ")
        SCENARIOS.append(Scenario(name, family, group, stage, plant, alone, markets))
        return plant

    return register
