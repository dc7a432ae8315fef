"""What another value of lost stock would change: the same findings, valued once more, and nothing written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from auditor.exports.catalog import Catalog
from auditor.exports.sources import find_sources
from auditor.model import Finding, Problem, WhatIfLine, WrongUsage
from auditor.policy import money
from auditor.rulebook.rules import Rule
from auditor.rulebook.value import Valuation, costs_in_force
from auditor.store.database import glance
from auditor.store.reading import read_exports
from auditor.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Another basis for what is valued at cost: the price of a sale less its fees, or the costs of another file."""

    cost_file: Path | None = None

    @classmethod
    def parsed(cls, text: str) -> WhatIf:
        """`cost=price-basis` or `cost-file=FILE`. Raises WrongUsage for anything else."""
        name, _, value = text.partition("=")
        if (name, value) == ("cost", "price-basis"):
            return cls()
        if name == "cost-file" and value:
            return cls(Path(value))
        raise WrongUsage(Problem(f"--what-if {text} is not known.", "Say cost=price-basis or cost-file=FILE."))

    def costs(self, catalog: Catalog, workspace: Workspace, as_of: date) -> dict[str, dict[str, Decimal]] | None:
        """The costs in force of the other file; None for the price of a sale. Raises WrongUsage for a bad file."""
        return costs_of(self.cost_file, catalog, workspace, as_of) if self.cost_file else None


def revalue(
    con: duckdb.DuckDBPyConnection,
    findings: Sequence[Finding],
    rules: Iterable[Rule],
    valuation: Valuation,
    costs: Mapping[str, Mapping[str, Decimal]] | None,
) -> tuple[WhatIfLine, ...]:
    """The findings that are valued at cost, by rule, state and currency: what they come to now, and what then.

    `costs` are another file's; None takes the price of the newest sale of the SKU less its fees.
    """
    other = replace(valuation, costs=sale_prices(con) if costs is None else costs, last_payments={})
    family = {rule.rule_id: rule.facts.payment_family for rule in rules if rule.facts.basis == "cost"}
    lines: dict[tuple[str, str, str], list[tuple[Finding, Decimal | None]]] = defaultdict(list)
    for finding in findings:
        if finding.rule not in family:
            continue
        value = other.cost(finding.msku, finding.fnsku, family[finding.rule], finding.marketplace)
        then = None if value.per_unit is None else money.round_money(value.per_unit * finding.units, value.currency)
        lines[finding.rule, finding.status, finding.currency or value.currency].append((finding, then))
    return tuple(_line(key, pairs) for key, pairs in sorted(lines.items()))


def _line(key: tuple[str, str, str], pairs: Sequence[tuple[Finding, Decimal | None]]) -> WhatIfLine:
    rule, status, currency = key
    now = [finding.amount for finding, _ in pairs if finding.amount is not None]
    then = [amount for _, amount in pairs if amount is not None]
    changes = [amount - f.amount for f, amount in pairs if amount is not None and f.amount is not None]
    return WhatIfLine(
        rule, status, currency, len(pairs), sum(finding.units for finding, _ in pairs),
        sum(now, Decimal(0)), len(pairs) - len(now), sum(then, Decimal(0)), len(pairs) - len(then),
        len(changes), sum(changes, Decimal(0)),
    )  # fmt: skip


def sale_prices(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Decimal]]:
    """What the newest sale of each SKU left after its fees, for one unit, by SKU and currency.

    Without a sale in the exports, Amazon's own fee preview says it: the price less the estimated fees.
    """
    previews = con.execute(
        """select msku, currency, coalesce(sales_price, your_price) - total_fee as left_over
           from fee_previews
           where msku is not null and currency is not null and left_over > 0
           order by all"""
    ).fetchall()
    rows = con.execute(
        """select msku, currency, value_total / value_units
           from (select order_lines.msku, order_lines.value_total, order_lines.value_units, sold.currency, sold.date
                 from order_lines
                 join (select order_id, msku, min(currency) as currency, max(date) as date
                       from settlements_v2 where currency is not null group by order_id, msku) as sold
                   on sold.order_id = order_lines.order_id and sold.msku = order_lines.msku
                 where value_units > 0 and value_total > 0)
           order by date, value_total / value_units"""
    ).fetchall()
    prices: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for msku, currency, price in [*previews, *rows]:
        prices[msku][currency] = Decimal(str(price))
    return dict(prices)


def costs_of(file: Path, catalog: Catalog, workspace: Workspace, as_of: date) -> dict[str, dict[str, Decimal]]:
    """The costs in force of a file. Raises WrongUsage when it is no costs file, or its costs contradict each other."""
    found = find_sources([file])
    exports = read_exports(found.sources, catalog, workspace)
    problems = [*found.problems, *(p for e in exports if e.reading.report_id == "costs" for p in e.reading.problems)]
    readable = [e.reading.parquet for e in exports if e.reading.report_id == "costs" and e.reading.parquet]
    if problems or not readable:
        no_costs = Problem("this is no file of costs.", "It needs the columns sku, unit-cost, currency.", file.name)
        raise WrongUsage(*(problems or [no_costs]))
    columns = "msku, currency, effective_from, unit_cost"
    query = f"select {columns} from read_parquet(?, union_by_name = true) where msku is not null order by all"
    with glance() as con:
        rows = con.execute(query, [[str(path) for path in readable]]).fetchall()
    costs, contradictions = costs_in_force(rows, as_of)
    if contradictions:
        raise WrongUsage(*contradictions)
    return costs
