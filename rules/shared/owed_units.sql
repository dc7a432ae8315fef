/*
table = "owed_units"
what = "What Amazon owes for each order and SKU before anything was paid, one row a claim."

debt damaged: came back damaged by Amazon or its carrier. debt not_restocked: came back sellable, but not into stock.
debt not_returned: refunded and never came back. debt replaced: sent again, the first unit never came back.
No unit stands in two of them. `is_known`: the exports cover the days on which another row might explain the units.

The window counts from the refund, else from the return, of a replacement from its own day: `anchor_date`. Of what is not
covered each return is a row of its own (`day_alone`), so that its days can be named.
*/
with back as (
  select
    returned_units.*,
    case when answers = 'refunded' then due_date end as refund_date,
    coalesce(case when answers = 'refunded' then due_date end, date) as anchor_date,
    condition = 'damaged'
      or date + 30 <= $as_of::date
      and exists (
        select first_day
        from covered_days
        where table_name = 'ledger' and first_day - 7 <= returned_units.date and returned_units.date + 30 <= last_day + 7) as is_known
  from returned_units
  where condition in ('damaged', 'not_restocked')),
back_rows as (
  select
    order_id,
    msku,
    condition,
    anchor_date,
    is_known,
    any_value(refund_date) as refund_date,
    case when not is_known then date end as day_alone,
    row_id,
    date,
    fnsku,
    asin,
    title,
    said_paid,
    is_unclear,
    sum(units) as units
  from back
  group by all),
returned as (
  select order_id, msku, due_date, sum(units) as units
  from returned_units
  where answers = 'refunded'
  group by order_id, msku, due_date),
replacement_returned as (
  select due_row, sum(units) as units
  from returned_units
  group by due_row)
select
  order_id,
  msku,
  condition as debt,
  is_known,
  anchor_date,
  any_value(refund_date) as refund_date,
  order_id as reference_id,
  day_alone,
  min(date) as first_day,
  max(date) as last_day,
  min(fnsku) as fnsku,
  min(asin) as asin,
  max(title) as title,
  bool_or(said_paid) as said_paid,
  bool_or(is_unclear) as is_unclear,
  sum(units) as units,
  list(
    {'role': case condition when 'damaged' then 'returned_damaged' else 'not_restocked' end, 'row_id': row_id, 'units': units::bigint}
    order by date, row_id) as owed_rows
from back_rows
group by order_id, msku, condition, is_known, anchor_date, day_alone
union all
select
  refunded_units.order_id,
  refunded_units.msku,
  'not_returned',
  exists (
    select first_day
    from covered_days
    where table_name = 'returns' and first_day - 7 <= refund_date and $as_of::date <= last_day + 7),
  refund_date,
  refund_date,
  refunded_units.order_id,
  null::date,
  refund_date,
  refund_date,
  null,
  null,
  null,
  false,
  false,
  refunded_units - coalesce(returned.units, 0),
  []
from refunded_units
left join returned
  on returned.order_id = refunded_units.order_id and returned.msku = refunded_units.msku and returned.due_date = refund_date
where refunded_units > coalesce(returned.units, 0)
union all
select
  order_id,
  msku,
  'replaced',
  exists (
    select first_day
    from covered_days
    where table_name = 'returns' and first_day - 7 <= date and $as_of::date <= last_day + 7),
  date,
  null,
  replacement_order_id,
  null::date,
  date,
  date,
  null,
  null,
  null,
  false,
  false,
  sum(replaced_units.units - also_refunded - coalesce(replacement_returned.units, 0)) as owed_units,
  []
from replaced_units
left join replacement_returned on replacement_returned.due_row = replaced_units.row_id
where order_id is not null
group by order_id, msku, replacement_order_id, date
having owed_units > 0
