/*
table = "refunded_units"
what = "One row per order, SKU and day of refund: how many units were refunded, counted up to that day."

Refunded units are the refunded principal by the unit price of the order, rounded to whole units; a refund that was
taken back later is none. Without the order's price each day of refund is one unit.
*/
with refunds as (
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
    order_lines.lacks_rows as price_lacks_rows,
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
  from lasting)
select
  *,
  coalesce(lag(refunded_up_to) over (partition by order_id, msku order by refund_date), 0) as refunded_before,
  refunded_up_to - refunded_before as refunded_units
from counted
