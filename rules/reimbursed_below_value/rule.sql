/*
title = "Paid below its value"
what = "Units that Amazon paid for in money at less than the seller's cost in force on the day of approval, by more than 1 %."
why = "Units lost or damaged before a customer ordered them are paid at their sourcing cost, up to a cap for each unit."
leaves_out = [
  "Units given back in inventory, units of reversed payments, and payments keyed to an order: those are worth the price of that order.",
  "Payments of before sourcing cost became the basis (2025-03-31, in Japan 2025-03-11).",
  "Costs that were entered for a day after the approval, costs in another currency, and costs that contradict each other.",
  "What a later adjustment for the product made up for.",
  "Payments that differ from each other without a cost on file: they are listed, but they prove nothing.",
]
source = "https://sellercentral.amazon.com/seller-forums/discussions/t/68864b6f-0ab8-41ef-be18-069c33df6336"
window = "valuation_dispute"
basis = "stated"
value_basis = "shortfall"
reads = ["reimbursements", "costs"]
inputs = ["cash_payments", "unit_costs", "unit_caps", "value_bases", "settlements", "lots"]
options = { tolerance_percent = 1 }

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with judged_payments as (
  select *, cash_units - reversed_units as kept_units
  from cash_payments
  where paid_for in ('lost', 'damaged', 'inbound', 'removal')
    and order_id is null),
unsellable as (
  select distinct settling_row
  from settlements
  join lots on lots.row_id = settlements.lot_row
  where lots.code in ('6', '7', 'H', 'K', 'U')
    or lots.family = 'lost' and upper(replace(trim(lots.disposition), ' ', '_')) <> 'SELLABLE'),
valued as (
  select
    judged_payments.*,
    coalesce(basis, 'unknown') as basis,
    unit_costs.unit_cost,
    unit_costs.row_id as cost_row,
    cap,
    case when unit_costs.unit_cost > cap then cap else unit_costs.unit_cost end as unit_value,
    settling_row is not null as is_unsellable
  from judged_payments
  left join unsellable on settling_row = judged_payments.row_id
  left join value_bases
    on value_bases.claim_type = 'valuation_dispute'
    and value_bases.marketplace = judged_payments.marketplace
    and judged_payments.date between coalesce(value_bases.effective_from, date '0001-01-01') and coalesce(value_bases.effective_to, date '9999-12-31')
  left join unit_costs
    on unit_costs.msku = judged_payments.msku
    and unit_costs.currency = judged_payments.currency
    and judged_payments.date between unit_costs.effective_from and coalesce(unit_costs.effective_to, date '9999-12-31')
  left join unit_caps
    on unit_caps.region = judged_payments.region
    and unit_caps.currency = judged_payments.currency
    and judged_payments.date between coalesce(unit_caps.effective_from, date '0001-01-01') and coalesce(unit_caps.effective_to, date '9999-12-31')),
weighed as (
  select
    *,
    paid_per_unit < unit_value * (100 - $tolerance_percent) / 100 as is_below,
    -- money has whole digits, so a half may be rounded up or down
    abs(2 * paid_per_unit - unit_value) <= case when digits = 0 then 1 else 0.01 end as is_half
  from valued),
added as (
  select product, currency, date, paid_per_unit * cash_units as added_money, row_id
  from cash_payments
  where paid_for = 'adjustment' and order_id is null and paid_per_unit > 0),
adjusted as (
  select
    weighed.row_id,
    sum(added_money) as added_later,
    list({'role': 'adjusted', 'row_id': added.row_id, 'units': null::bigint} order by added.date, added.row_id) as added_rows
  from weighed
  join added on added.product = weighed.product and added.currency = weighed.currency and added.date >= weighed.date
  group by weighed.row_id),
compared as (
  select
    weighed.*,
    added_later,
    added_rows,
    sum((unit_value - paid_per_unit) * kept_units) filter (is_below and basis = 'cost') over (
      partition by weighed.product, weighed.currency order by date, weighed.row_id rows unbounded preceding) as lacking_so_far,
    min(paid_per_unit) over alike as lowest_alike,
    max(paid_per_unit) over alike as highest_alike
  from weighed
  left join adjusted on adjusted.row_id = weighed.row_id
  window alike as (
    partition by product, currency, paid_for order by date range between interval 30 days preceding and interval 30 days following)),
named as (
  select
    *,
    format('{:.{}f} {}', paid_per_unit, digits, currency) as paid_text,
    format('{:.{}f} {}', unit_value, digits, currency) as value_text,
    case
      when kept_units = 0 then 'reversed'
      when paid_per_unit is null then 'amount_unknown'
      when basis = 'proceeds' then 'valued_otherwise'
      when unit_value is null and lowest_alike < highest_alike * (100 - $tolerance_percent) / 100 then 'inconsistent_values'
      when unit_value is null then 'cost_unknown'
      when not is_below then 'paid_at_value'
      when basis <> 'cost' then 'marketplace_unknown'
      when added_later >= lacking_so_far then 'adjusted'
      else 'claim'
    end as outcome
  from compared),
grouped as (
  select
    reimbursement_id,
    product,
    currency,
    paid_per_unit,
    outcome,
    min(marketplace) as marketplace,
    min(fnsku) as fnsku,
    min(msku) as msku,
    min(asin) as asin,
    min(title) as title,
    min(date) as date,
    min(paid_text) as paid_text,
    min(value_text) as value_text,
    min(unit_value) as unit_value,
    min(cap) as cap,
    min(lowest_alike) as lowest_alike,
    max(highest_alike) as highest_alike,
    max(unit_cost) as unit_cost,
    max(digits) as digits,
    sum(case when outcome = 'reversed' then cash_units else kept_units end) as units,
    bool_or(is_half) as is_half,
    bool_or(is_unsellable) as is_unsellable,
    max(added_later) as added_later,
    list_concat(
      list({'role': 'payment', 'row_id': row_id, 'units': kept_units} order by row_id),
      list_distinct(list({'role': 'cost', 'row_id': cost_row, 'units': null::bigint}) filter (cost_row is not null)),
      any_value(added_rows)) as evidence
  from named
  group by reimbursement_id, product, currency, paid_per_unit, outcome),
explained as (
  select
    *,
    format('{:.{}f} {}', (unit_value - paid_per_unit) * units, digits, currency) as lacking_text,
    case outcome
      when 'claim' then format(
        '{} paid at {}, worth {}: {:.{}f} too little for each, {} in all', units, paid_text, value_text,
        unit_value - paid_per_unit, digits, lacking_text)
      when 'reversed' then 'the payment was taken back, so its amount no longer matters'
      when 'amount_unknown' then 'the report does not show what was paid for a unit'
      when 'valued_otherwise' then 'approved before sourcing cost became the basis, when Amazon estimated the price of a sale'
      when 'inconsistent_values' then format(
        'Amazon paid {:.{}f} and {:.{}f} {} for a unit of this product within 30 days; without your cost in force on that day nothing shows which is right',
        lowest_alike, digits, highest_alike, digits, currency)
      when 'cost_unknown' then format('no clear cost of this SKU in {} is given for the day of approval', currency)
      when 'marketplace_unknown' then 'the exports do not show in which marketplace this was paid'
      when 'adjusted' then format('paid at {}, worth {}; a later adjustment made up for it', paid_text, value_text)
      else format('paid at {}, worth {}', paid_text, value_text)
    end as explanation
  from grouped)
select
  concat_ws('|', reimbursement_id, product, currency, paid_per_unit) as identity,
  outcome,
  explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  reimbursement_id as reference_id,
  date as event_date,
  date as anchor_date,
  date as covers_from,
  units::bigint as units,
  ((unit_value - paid_per_unit) * units)::decimal(38, 4) as value_total,
  units::bigint as value_units,
  currency,
  case when is_unsellable or added_later is not null then 'review' else 'high' end as confidence,
  [reason for reason in [
    case when is_half then format('exactly_half: {} is half of the value of a unit, {}', paid_text, value_text) end,
    case when unit_cost > cap then format('capped: Amazon pays at most {:.{}f} {} for one unit', cap, digits, currency) end,
    case when is_unsellable then 'unsellable_stock: these units were unsellable before; Amazon pays such units at a reduced rate' end,
    case when added_later is not null then format('adjusted_later: {:.{}f} {} were paid later as an adjustment for this product', added_later, digits, currency) end]
    if reason is not null] as reasons,
  ['reimbursements'] as relies_on,
  evidence
from explained
