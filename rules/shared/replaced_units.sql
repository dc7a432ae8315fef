/*
table = "replaced_units"
what = "One row per row of the Replacements report: units sent again for an order, and how many of them were refunded too."

Where more units of an order line were refunded and replaced than ordered, some were both: those are left to the refund,
the oldest replacements first. Where the order is in no export, each refunded unit may be a replaced one.
*/
with sent as (
  select
    coalesce(first_order_id, replacements.original_order_id) as order_id,
    replacements.order_id as replacement_order_id,
    replacements.msku,
    date,
    row_id,
    coalesce(quantity, 1) as units,
    quantity is null as is_unclear
  from replacements
  left join replaced_orders on replaced_orders.order_id = replacements.order_id
  where coalesce(quantity, 1) > 0),
refunded as (
  select order_id, msku, sum(refunded_units) as refunded_units
  from refunded_units
  group by order_id, msku),
counted as (
  select
    sent.*,
    coalesce(refunded_units, 0) as refunded_units,
    ordered_units,
    sum(units) over (partition by sent.order_id, sent.msku) as all_units,
    sum(units) over (
      partition by sent.order_id, sent.msku
      order by date, replacement_order_id, row_id
      rows unbounded preceding) as units_so_far
  from sent
  left join refunded on refunded.order_id = sent.order_id and refunded.msku = sent.msku
  left join order_lines on order_lines.order_id = sent.order_id and order_lines.msku = sent.msku),
overlapping as (
  select
    *,
    least(refunded_units, greatest(0, refunded_units + all_units - coalesce(ordered_units, 0))) as refunded_too
  from counted)
select
  order_id,
  replacement_order_id,
  msku,
  date,
  row_id,
  units::bigint as units,
  is_unclear,
  refunded_units::bigint as refunded_units,
  ordered_units::bigint as ordered_units,
  all_units::bigint as all_units,
  greatest(0, least(units, refunded_too - (units_so_far - units)))::bigint as also_refunded
from overlapping
