/*
table = "order_debts"
what = "What Amazon owes for each order and SKU, less the payments for that order: each row of owed_units with what settles it."

The payments of an order are given once, the oldest first, in this order: to what the exports prove before what they do
not cover, then to what was not returned, came back damaged, was not restocked, was replaced; of each the oldest first.
So a payment never settles more than its units, and what one claim uses no other one sees.
*/
with counted as (
  select
    *,
    sum(units) over line as owed_to,
    owed_to - units as owed_from
  from owed_units
  window line as (
    partition by order_id, msku
    order by not is_known, list_position(['not_returned', 'damaged', 'not_restocked', 'replaced'], debt), anchor_date, reference_id, day_alone, refund_date
    rows unbounded preceding)),
paid as (
  select
    *,
    sum(units) over (partition by order_id, msku order by date, row_id rows unbounded preceding) as paid_to,
    paid_to - units as paid_from
  from order_payments
  where units > 0),
settled as (
  select
    counted.order_id,
    counted.msku,
    owed_to,
    sum(least(owed_to, paid_to) - greatest(owed_from, paid_from)) as paid_units,
    list(
      {'role': 'paid', 'row_id': row_id, 'units': (least(owed_to, paid_to) - greatest(owed_from, paid_from))::bigint}
      order by date, row_id) as paid_rows
  from counted
  join paid on paid.order_id = counted.order_id and paid.msku = counted.msku
  where least(owed_to, paid_to) > greatest(owed_from, paid_from)
  group by counted.order_id, counted.msku, owed_to),
labels as (
  select
    msku as label_msku,
    case when count(fnsku) = 1 then any_value(fnsku) end as label_fnsku,
    min(asin) as label_asin,
    max(title) as label_title
  from products
  group by msku)
select
  counted.order_id,
  counted.msku,
  debt,
  is_known,
  reference_id,
  anchor_date,
  counted.refund_date,
  day_alone,
  first_day,
  last_day,
  coalesce(counted.fnsku, label_fnsku) as fnsku,
  coalesce(order_lines.asin, counted.asin, label_asin) as asin,
  coalesce(order_lines.title, counted.title, label_title) as title,
  coalesce(
    case when order_lines.sales_channel not ilike 'non-amazon%' then order_lines.sales_channel end,
    refund_marketplace,
    order_lines.marketplace) as marketplace,
  order_lines.sales_channel ilike 'non-amazon%' as is_multi_channel,
  coalesce(refunded_units.shipped_by, order_lines.fulfilled_by) as shipped_by,
  order_lines.value_total,
  order_lines.value_units,
  coalesce(refund_currency, order_lines.charged_currency) as currency,
  said_paid,
  counted.is_unclear,
  stray_payment,
  stray_refund,
  unclear_payment,
  units::bigint as owed_units,
  coalesce(paid_units, 0)::bigint as paid_units,
  owed_rows,
  paid_rows,
  list_concat(
    [{'role': 'refund', 'row_id': refund_row, 'units': null::bigint} for refund_row in refund_rows],
    order_lines.order_rows) as context_rows
from counted
left join settled on settled.order_id = counted.order_id and settled.msku = counted.msku and settled.owed_to = counted.owed_to
left join labels on labels.label_msku = counted.msku
left join order_lines on order_lines.order_id = counted.order_id and order_lines.msku = counted.msku
left join refunded_units
  on refunded_units.order_id = counted.order_id and refunded_units.msku = counted.msku and refunded_units.refund_date = counted.refund_date
left join order_doubts on order_doubts.order_id = counted.order_id
