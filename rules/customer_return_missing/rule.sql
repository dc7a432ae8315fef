/*
title = "Refunded, but never returned"
what = "Units of an FBA order that were refunded to the customer, that no customer return brought back and that Amazon has not paid for under that order."
why = "Amazon refunds customers on the seller's account; when the unit does not come back in time, Amazon pays the seller."
leaves_out = [
  "Units that came back, sellable or not, even before the refund was posted.",
  "Units paid for under that order, for whatever reason.",
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
inputs = ["refund_lines", "order_lines", "returns", "payments", "products", "incomplete_settlements"]
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
refunds as (
  select
    order_id,
    msku,
    date as refund_date,
    -sum(amount) as refunded_principal,
    mode(currency order by currency) as refund_currency,
    mode(marketplace_name order by marketplace_name) as refund_marketplace,
    mode(fulfillment_id order by fulfillment_id) as refund_fulfilled_by,
    list(row_id order by row_id) as refund_rows
  from refund_lines
  group by order_id, msku, date),
priced as (
  select
    refunds.*,
    coalesce(case when refund_fulfilled_by in ('AFN', 'MFN') then refund_fulfilled_by end, order_lines.fulfilled_by) as shipped_by,
    order_lines.price_total,
    order_lines.price_units,
    order_lines.value_total,
    order_lines.value_units,
    order_lines.ordered_units,
    order_lines.asin,
    order_lines.title,
    order_lines.sales_channel,
    coalesce(order_lines.lacks_rows, false) as price_lacks_rows,
    order_lines.order_rows,
    sum(refunded_principal) over line as principal_so_far,
    count_if(refunded_principal > 0) over line as refund_number
  from refunds
  left join order_lines on order_lines.order_id = refunds.order_id and order_lines.msku = refunds.msku
  window line as (partition by refunds.order_id, refunds.msku order by refund_date)),
lasting as (
  -- a later row may take a refund back: what was refunded by a day is what no later day undoes
  select
    *,
    min(principal_so_far) over (
      partition by order_id, msku order by refund_date rows between current row and unbounded following) as lasting_principal,
    lasting_principal * price_units / price_total as units_refunded_so_far
  from priced),
counted as (
  select
    *,
    case
      when lasting_principal <= 0 then 0
      when price_total is null then refund_number
      else least(round(units_refunded_so_far), ordered_units)
    end::bigint as refunded_up_to,
    abs(units_refunded_so_far - floor(units_refunded_so_far) - 0.5) < 0.000001 as exact_half
  from lasting),
refunded as (
  select
    *,
    coalesce(lag(refunded_up_to) over (partition by order_id, msku order by refund_date), 0) as refunded_before,
    refunded_up_to - refunded_before as refunded_units
  from counted),
settling as (
  -- a returns row is one unit as a rule; a blank quantity is not stated, and never none
  select order_id, msku, 'returned' as role, date, row_id, coalesce(quantity, 1) as units, quantity is null as unclear
  from returns
  where quantity is null or quantity > 0
  union all
  select payments.order_id, coalesce(payments.msku, labelled.msku), 'paid', payments.date, payments.row_id, payments.units, false
  from payments
  left join (select fnsku, any_value(msku) as msku from products group by fnsku having count(msku) = 1) as labelled
    on labelled.fnsku = payments.fnsku
  where payments.order_id is not null and payments.units > 0 and payments.family not in ('reversal', 'fee')),
settled_up_to as (
  select
    *,
    sum(units) over (partition by order_id, msku order by role = 'paid', date, row_id rows unbounded preceding) as settled_to,
    settled_to - units as settled_from
  from settling),
matched as (
  select
    refunded.order_id,
    refunded.msku,
    refunded.refund_date,
    role,
    settled_up_to.date,
    row_id,
    least(refunded_up_to, settled_to) - greatest(refunded_before, settled_from) as units
  from refunded
  join settled_up_to on settled_up_to.order_id = refunded.order_id and settled_up_to.msku = refunded.msku
  where least(refunded_up_to, settled_to) > greatest(refunded_before, settled_from)),
explained as (
  select
    order_id,
    msku,
    refund_date,
    sum(units) as explained_units,
    coalesce(sum(units) filter (role = 'returned'), 0) as returned_units,
    coalesce(sum(units) filter (role = 'paid'), 0) as paid_units,
    list({'role': role, 'row_id': row_id, 'units': units} order by role = 'paid', date, row_id) as explained_rows
  from matched
  group by order_id, msku, refund_date),
cut_off as (
  -- a settlement that lacks rows may lack the one that takes a refund back; without its first row it may end on any day
  select max(coalesce(period_end, date '9999-12-31')) as cut_until
  from incomplete_settlements),
unclear_orders as (
  select order_id
  from settling
  where unclear
  union
  select order_id
  from payments
  where units_unknown and order_id is not null and family not in ('reversal', 'fee')),
strays as (
  select settling.order_id
  from settling
  left join refunded on refunded.order_id = settling.order_id and refunded.msku = settling.msku
  left join order_lines on order_lines.order_id = settling.order_id and order_lines.msku = settling.msku
  where refunded.order_id is null and order_lines.order_id is null
  group by settling.order_id),
judged as (
  select
    refunded.*,
    coalesce(refunded.asin, label_asin) as product_asin,
    coalesce(refunded.title, label_title) as product_title,
    label_fnsku,
    coalesce(returned_units, 0) as returned_units,
    coalesce(paid_units, 0) as paid_units,
    refunded_units - coalesce(explained_units, 0) as open_units,
    strays.order_id is not null as has_strays,
    unclear_orders.order_id is not null as is_unclear,
    price_lacks_rows or coalesce(refunded.refund_date <= cut_until, false) as lacks_rows,
    list_concat(
      [{'role': 'refunded', 'row_id': refund_rows[1], 'units': refunded_units}],
      [{'role': 'refunded', 'row_id': other_row, 'units': null::bigint} for other_row in refund_rows[2:]],
      coalesce(explained_rows, []),
      order_rows) as evidence
  from refunded
  cross join cut_off
  left join explained
    on explained.order_id = refunded.order_id and explained.msku = refunded.msku and explained.refund_date = refunded.refund_date
  left join labels on labels.label_msku = refunded.msku
  left join strays on strays.order_id = refunded.order_id
  left join unclear_orders on unclear_orders.order_id = refunded.order_id),
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
  where shipped_by is distinct from 'MFN' and returned_units > 0
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
