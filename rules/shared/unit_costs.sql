/*
table = "unit_costs"
what = "The seller's cost of one unit by SKU and currency, from a day until the day before the next one."

Costs that contradict each other (two amounts for one SKU, currency and day) and costs that are not positive are left
out. A cost without a first day is older than all others.
*/
with stated as (
  select
    msku,
    upper(trim(currency)) as currency,
    coalesce(effective_from, date '0001-01-01') as effective_from,
    min(unit_cost) as unit_cost,
    max(unit_cost) as highest_cost,
    min(row_id) as row_id
  from costs
  where unit_cost > 0
  group by all)
select
  msku,
  currency,
  case when unit_cost = highest_cost then unit_cost end as unit_cost,
  effective_from,
  lead(effective_from) over (partition by msku, currency order by effective_from) - 1 as effective_to,
  row_id
from stated
