/*
title = "Refunded, but never returned"
what = "Units of an FBA order that were refunded to the customer, that no customer return brought back and that Amazon has not paid for under that order."
why = "Amazon refunds customers on the seller's account; when the unit does not come back in time, Amazon pays the seller."
leaves_out = [
  "Units that came back, sellable or not, even before the refund was posted.",
  "Units paid for under that order, for whatever reason; a payment settles what never came back before what came back damaged or was not restocked.",
  "Refunds that were taken back from the customer later.",
  "Refunds of a part of the price as goodwill: less than half of a unit's price returns no unit.",
  "Orders that the seller shipped.",
  "Refunds for days that no returns export covers up to the as-of date or the end of the window.",
]
source = "https://sellercentral.amazon.com/gp/help/external/G9N934L7Y4SFWPJ4?locale=en-US"
window = "customer_return"
basis = "order"
payment_family = "other"
reads = [["settlements_v2", "transactions"], "orders", "returns", "reimbursements"]
inputs = ["refunded_units", "returned_units", "order_debts", "order_doubts", "products", "incomplete_settlements"]
plus = ["refunded"]
minus = ["returned", "paid"]

[[requires]]
table = "returns"
from = "anchor_date"
to = "deadline"
without = "no_finding"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with labels as (
  select
    msku as label_msku,
    case when count(fnsku) = 1 then any_value(fnsku) end as label_fnsku,
    min(asin) as label_asin,
    max(title) as label_title
  from products
  group by msku),
returned as (
  select
    order_id,
    msku,
    due_date as refund_date,
    sum(units)::bigint as returned_units,
    list({'role': 'returned', 'row_id': row_id, 'units': units} order by date, row_id) as returned_rows
  from returned_units
  where answers = 'refunded'
  group by order_id, msku, due_date),
paid as (
  select order_id, msku, refund_date, paid_units, owed_units - paid_units as open_units, paid_rows
  from order_debts
  where debt = 'not_returned'),
cut_off as (
  -- a settlement that lacks rows may lack the one that takes a refund back; without its first row it may end on any day
  select max(coalesce(period_end, date '9999-12-31')) as cut_until
  from incomplete_settlements),
judged as (
  select
    refunded.*,
    coalesce(refunded.asin, label_asin) as product_asin,
    coalesce(refunded.title, label_title) as product_title,
    label_fnsku,
    returned_units,
    paid_units,
    open_units,
    stray_return or stray_payment as has_strays,
    unclear_return or unclear_payment as is_unclear,
    price_lacks_rows or refunded.refund_date <= cut_until as lacks_rows,
    list_concat(
      [{'role': 'refunded', 'row_id': refund_rows[1], 'units': refunded_units}],
      [{'role': 'refunded', 'row_id': other_row, 'units': null::bigint} for other_row in refund_rows[2:]],
      returned_rows,
      paid_rows,
      order_rows) as evidence
  from refunded_units as refunded
  cross join cut_off
  left join returned
    on returned.order_id = refunded.order_id and returned.msku = refunded.msku and returned.refund_date = refunded.refund_date
  left join paid on paid.order_id = refunded.order_id and paid.msku = refunded.msku and paid.refund_date = refunded.refund_date
  left join labels on labels.label_msku = refunded.msku
  left join order_doubts on order_doubts.order_id = refunded.order_id),
outcomes as (
  select 'not_fba' as outcome, greatest(refunded_units, 1) as outcome_units, 'the seller shipped this order' as explanation, *
  from judged
  where shipped_by = 'MFN' and refunded_principal > 0
  union all
  select 'goodwill_refund', 1, format('{} refunded, less than half of a unit''s price', refunded_principal), *
  from judged
  where shipped_by is distinct from 'MFN' and refunded_units = 0 and refunded_principal > 0 and lasting_principal > 0
  union all
  select 'refund_taken_back', 1, format('{} refunded, later taken back from the customer', refunded_principal), *
  from judged
  where shipped_by is distinct from 'MFN' and refunded_principal > 0 and lasting_principal <= 0
  union all
  select 'returned', returned_units, format('{} of {} refunded units came back', returned_units, refunded_units), *
  from judged
  where shipped_by is distinct from 'MFN' and returned_units is not null
  union all
  select 'paid', paid_units, format('{} of {} refunded units were paid for under this order', paid_units, refunded_units), *
  from judged
  where shipped_by is distinct from 'MFN' and paid_units > 0
  union all
  select 'claim', open_units, null, *
  from judged
  where shipped_by is distinct from 'MFN' and open_units > 0)
select
  concat_ws('|', order_id, msku, refund_date) as identity,
  outcome,
  explanation,
  coalesce(case when sales_channel not ilike 'non-amazon%' then sales_channel end, refund_marketplace) as marketplace,
  label_fnsku as fnsku,
  msku,
  product_asin as asin,
  product_title as title,
  order_id as reference_id,
  refund_date as event_date,
  refund_date as anchor_date,
  refund_date as covers_from,
  outcome_units::bigint as units,
  value_total::decimal(38, 4) as value_total,
  value_units::bigint as value_units,
  refund_currency as currency,
  case when price_total is null or shipped_by is null or has_strays or is_unclear or lacks_rows or exact_half then 'review' else 'high' end as confidence,
  [reason for reason in [
    case when price_total is null then 'order_price_unknown: the exports hold no price for this order, so one unit is assumed' end,
    case when shipped_by is null then 'fulfilment_unknown: the exports do not say whether Amazon fulfilled this order' end,
    case when has_strays then 'other_sku_in_order: a return or payment of this order names a SKU that the order does not have' end,
    case when is_unclear then 'units_unclear: a return or payment of this order does not state its units' end,
    case when lacks_rows then 'settlement_incomplete: the rows of a settlement do not add up, so rows that take this refund back or fees of the order may be missing' end,
    case when exact_half then 'half_refunded: exactly half of a unit''s price was refunded' end]
    if reason is not null] as reasons,
  ['returns', 'reimbursements'] as relies_on,
  evidence
from outcomes
