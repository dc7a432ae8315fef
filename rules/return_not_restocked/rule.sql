/*
title = "Came back sellable, but not into stock"
what = "Units of an FBA order that the returns report shows as sellable and returned to inventory, of which the ledger shows no customer return within 30 days before or after, and that Amazon has not paid for under that order."
why = "A sellable unit that was returned belongs in the seller's stock; a unit that went missing on the way there is owed."
leaves_out = [
  "Units whose customer return stands in the ledger: same FNSKU, same quantity, at most 30 days apart, each ledger row for one return.",
  "Units paid for under that order, or under the order of its replacement, for whatever reason.",
  "Returns that are spoiled, being repackaged, disposed of, or of unknown state.",
  "Returns of the last 30 days, and returns for days that the ledger does not cover.",
  "Orders that the seller shipped.",
]
source = "https://sellercentral.amazon.com/gp/help/external/G9N934L7Y4SFWPJ4?locale=en-US"
window = "customer_return"
basis = "order"
payment_family = "other"
reads = ["returns", "ledger", ["settlements_v2", "transactions"], "orders", "reimbursements"]
inputs = ["order_debts", "returned_units", "order_lines", "ledger", "pair_sides", "pairs"]
plus = ["not_restocked"]
minus = ["paid"]

[[requires]]
table = "ledger"
from = "event_date"
to = "event_date"
days = 30
without = "no_finding"

[[requires]]
table = "ledger"
from = "covers_from"
to = "event_date"
days = 30
without = "review"

[[requires]]
table = "reimbursements"
from = "covers_from"
to = "as_of"
quiet_days = 30
without = "review"
*/
with restocks as (
  select date
  from ledger
  where event_type ilike 'customer%return%' and quantity > 0),
unpaired as (
  select ledger.fnsku, ledger.msku, ledger.date
  from pair_sides
  join ledger on ledger.row_id = pair_sides.row_id
  where kind = 'restocked' and pair_sides.row_id not in (select right_row from pairs)),
owed as (
  select
    owed_units - paid_units as open_units,
    list_concat(owed_rows, paid_rows, context_rows) as evidence,
    exists (
      select restocks.date
      from restocks
      where restocks.date between first_day - 30 and last_day + 30) as ledger_shows_returns,
    exists (
      select unpaired.date
      from unpaired
      where unpaired.date between first_day - 30 and last_day + 30
        and (unpaired.fnsku = order_debts.fnsku or unpaired.msku = order_debts.msku)) as has_lookalike,
    *
  from order_debts
  where debt = 'not_restocked'),
doubted as (
  select
    [reason for reason in [
      case when msku is null then 'sku_unknown: the returns report names no SKU, so payments for this order may be for it' end,
      case when is_unclear then 'units_unclear: the returns report does not state the units, so one is assumed' end,
      case when unclear_payment then 'units_unclear: a payment of this order does not state its units' end,
      case when stray_refund then 'refund_of_unknown_sku: a refund of this order does not say which SKU, so its day may be another' end,
      case when stray_payment then 'other_sku_in_order: a payment of this order names a SKU that the order does not have' end,
      case when has_lookalike then 'other_quantity: the ledger shows a customer return of this product in these days, in another quantity or under another label' end,
      case when not ledger_shows_returns then 'ledger_without_returns: the ledger shows no customer return of any product in these days; the export may hold only some kinds of events' end,
      case when is_multi_channel then 'multi_channel: this is no order of an Amazon store' end]
      if reason is not null] as doubts,
    *
  from owed),
restocked as (
  select
    returned_units.order_id,
    returned_units.msku,
    date,
    min(fnsku) as fnsku,
    marketplace,
    sum(units) as units
  from returned_units
  left join order_lines on order_lines.order_id = returned_units.order_id and order_lines.msku = returned_units.msku
  where condition = 'restocked'
  group by returned_units.order_id, returned_units.msku, date, marketplace),
outcomes as (
  select 'not_fba' as outcome, owed_units as outcome_units, 'the seller shipped this order' as explanation, *
  from doubted
  where shipped_by = 'MFN'
  union all
  select 'paid', paid_units, format('{} of {} units that were not restocked were paid for under this order', paid_units, owed_units), *
  from doubted
  where shipped_by is distinct from 'MFN' and paid_units > 0
  union all
  select 'restock_awaited', open_units, 'the unit came back in the last 30 days and may still be put into stock', *
  from doubted
  where shipped_by is distinct from 'MFN' and open_units > 0 and last_day + 30 > $as_of::date
  union all
  select 'claim', open_units, null, *
  from doubted
  where shipped_by is distinct from 'MFN' and open_units > 0 and last_day + 30 <= $as_of::date)
select
  concat_ws('|', order_id, msku, anchor_date, day_alone) as identity,
  outcome,
  explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  last_day as event_date,
  anchor_date,
  first_day - 30 as covers_from,
  outcome_units::bigint as units,
  value_total::decimal(38, 4) as value_total,
  value_units::bigint as value_units,
  currency,
  case when len(doubts) > 0 then 'review' else 'high' end as confidence,
  list_concat(
    doubts,
    case when refund_date is null then ['no_refund: the exports show no refund of this unit, so the window counts from its return'] end) as reasons,
  ['ledger', 'reimbursements'] as relies_on,
  evidence
from outcomes
union all
select
  concat_ws('|', order_id, msku, date),
  'restocked',
  format('{} units are back in stock by the ledger', units),
  marketplace,
  fnsku,
  msku,
  null,
  null,
  order_id,
  date,
  date,
  date,
  units::bigint,
  null,
  null,
  null,
  'high',
  [],
  [],
  []
from restocked
