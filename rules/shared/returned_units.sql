/*
table = "returned_units"
what = "What came back of each order and SKU, one row per row of the returns report and refund or replacement it answers."

Returns answer the oldest refund first, then the oldest replacement that was not refunded too; the rest answers none
(`answers` is null). A return may name the order of the replacement. A row is one unit as a rule: a blank quantity is
not stated, and never none.

condition damaged: DAMAGED or CARRIER_DAMAGED, which Amazon answers for. condition restocked, not_restocked: sellable
and said to be back in the inventory, with and without a customer return in the ledger. condition unsellable: spoiled,
but not by Amazon. condition other: anything else.
Source: https://sellercentral.amazon.co.jp/gp/help/external/help.html?itemID=200453320&language=en_JP
*/
with skus as (
  select fnsku as sku_fnsku, any_value(msku) as sku
  from products
  group by fnsku
  having count(msku) = 1),
came_back as (
  select
    coalesce(first_order_id, returns.order_id) as order_id,
    coalesce(msku, sku) as msku,
    coalesce(fnsku, sides.pair_key) as fnsku,
    asin,
    title,
    returns.date,
    returns.row_id,
    coalesce(quantity, 1) as units,
    quantity is null as is_unclear,
    status ilike '%reimbursed%' as said_paid,
    case
      when regexp_replace(lower(disposition), '[^a-z]', '', 'g') in ('damaged', 'carrierdamaged') then 'damaged'
      when pairs.left_row is not null then 'restocked'
      when sides.row_id is not null then 'not_restocked'
      when regexp_replace(lower(disposition), '[^a-z]', '', 'g') in ('sellable', '') then 'other'
      when disposition is null then 'other'
      else 'unsellable'
    end as condition
  from returns
  left join replaced_orders on replaced_orders.order_id = returns.order_id
  left join skus on skus.sku_fnsku = returns.fnsku
  left join pair_sides as sides on sides.row_id = returns.row_id and sides.kind = 'restocked' and sides.side = 'left'
  left join pairs on pairs.left_row = returns.row_id and pairs.kind = 'restocked'
  where coalesce(quantity, 1) > 0),
to_come_back as (
  select order_id, msku, 'refunded' as answers, refund_date as due_date, null::bigint as due_row, refunded_units as units
  from refunded_units
  union all
  select order_id, msku, 'replaced', date, row_id, units - also_refunded
  from replaced_units
  union all
  select distinct order_id, msku, null, null::date, null::bigint, 1000000000
  from came_back),
dues as (
  select
    *,
    sum(units) over line as due_to,
    due_to - units as due_from
  from to_come_back
  -- refunded, replaced, neither: the order of the alphabet, and null comes last
  window line as (partition by order_id, msku order by answers nulls last, due_date, due_row rows unbounded preceding)),
counted as (
  select
    *,
    sum(units) over (partition by order_id, msku order by date, row_id rows unbounded preceding) as back_to,
    back_to - units as back_from
  from came_back)
select
  counted.order_id,
  counted.msku,
  fnsku,
  asin,
  title,
  date,
  row_id,
  condition,
  is_unclear,
  said_paid,
  answers,
  due_date,
  due_row,
  (least(due_to, back_to) - greatest(due_from, back_from))::bigint as units
from counted
join dues on dues.order_id = counted.order_id and dues.msku is not distinct from counted.msku
where least(due_to, back_to) > greatest(due_from, back_from)
