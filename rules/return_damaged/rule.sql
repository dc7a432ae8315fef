/*
title = "Came back damaged by Amazon"
what = "Units of an FBA order that the returns report shows as DAMAGED or CARRIER_DAMAGED and that Amazon has not paid for under that order."
why = "Amazon takes responsibility for returns with these two dispositions: it keeps the unit and compensates the seller."
leaves_out = [
  "Units that came back CUSTOMER_DAMAGED, DEFECTIVE, EXPIRED, WAREHOUSE_DAMAGED or spoiled in any other way.",
  "Units paid for under that order, or under the order of its replacement, for whatever reason.",
  "Orders that the seller shipped.",
]
source = "https://sellercentral.amazon.co.jp/gp/help/external/help.html?itemID=200453320&language=en_JP"
window = "customer_return"
basis = "order"
payment_family = "other"
reads = ["returns", ["settlements_v2", "transactions"], "orders", "reimbursements"]
inputs = ["order_debts", "returned_units", "order_lines"]
plus = ["returned_damaged"]
minus = ["paid"]

[[requires]]
table = "reimbursements"
from = "covers_from"
to = "as_of"
quiet_days = 30
without = "review"
*/
with owed as (
  select
    concat_ws('|', order_id, msku, anchor_date) as identity,
    owed_units - paid_units as open_units,
    least(anchor_date, first_day) as known_from,
    list_concat(owed_rows, paid_rows, context_rows) as evidence,
    [reason for reason in [
      case when msku is null then 'sku_unknown: the returns report names no SKU, so payments for this order may be for it' end,
      case when is_unclear then 'units_unclear: the returns report does not state the units, so one is assumed' end,
      case when unclear_payment then 'units_unclear: a payment of this order does not state its units' end,
      case when stray_refund then 'refund_of_unknown_sku: a refund of this order does not say which SKU, so its day may be another' end,
      case when stray_payment then 'other_sku_in_order: a payment of this order names a SKU that the order does not have' end,
      case when said_paid then 'said_reimbursed: the returns report calls the unit reimbursed, but the exports show no payment for the order' end,
      case when is_multi_channel then 'multi_channel: this is no order of an Amazon store' end]
      if reason is not null] as doubts,
    *
  from order_debts
  where debt = 'damaged'),
spoiled as (
  select
    returned_units.order_id,
    returned_units.msku,
    date,
    min(fnsku) as fnsku,
    marketplace,
    sum(units) as units
  from returned_units
  left join order_lines on order_lines.order_id = returned_units.order_id and order_lines.msku = returned_units.msku
  where condition = 'unsellable'
  group by returned_units.order_id, returned_units.msku, date, marketplace),
outcomes as (
  select 'not_fba' as outcome, owed_units as outcome_units, 'the seller shipped this order' as explanation, *
  from owed
  where shipped_by = 'MFN'
  union all
  select 'paid', paid_units, format('{} of {} damaged units were paid for under this order', paid_units, owed_units), *
  from owed
  where shipped_by is distinct from 'MFN' and paid_units > 0
  union all
  select 'claim', open_units, null, *
  from owed
  where shipped_by is distinct from 'MFN' and open_units > 0)
select
  identity,
  outcome,
  explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  first_day as event_date,
  anchor_date,
  known_from as covers_from,
  outcome_units::bigint as units,
  value_total::decimal(38, 4) as value_total,
  value_units::bigint as value_units,
  currency,
  case when len(doubts) > 0 then 'review' else 'high' end as confidence,
  list_concat(
    doubts,
    case when refund_date is null then ['no_refund: the exports show no refund of this unit, so the window counts from its return'] end) as reasons,
  ['reimbursements'] as relies_on,
  evidence
from outcomes
union all
select
  concat_ws('|', order_id, msku, date),
  'not_amazons_fault',
  format('{} units came back spoiled, but not by Amazon', units),
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
from spoiled
