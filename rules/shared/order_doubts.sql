/*
table = "order_doubts"
what = "Orders of which a return, payment or refund cannot be told to a unit: it names a SKU that the order does not have, no SKU, or no units."
*/
with charged as (
  select order_id, msku
  from refunded_units
  union
  select order_id, msku
  from order_lines),
doubts as (
  select order_id, 'stray_return' as doubt
  from returned_units
  where (order_id, msku) not in (select (order_id, msku) from charged)
  union all
  select order_id, 'stray_payment'
  from order_payments
  where units > 0
    and (order_id, msku) not in (select (order_id, msku) from charged)
    and (order_id, msku) not in (select (order_id, coalesce(msku, ' ')) from returned_units)
  union all
  select order_id, 'stray_refund'
  from settlements_v2
  where transaction_type = 'Refund'
    and amount_type = 'ItemPrice'
    and amount_description = 'Principal'
    and msku is null
  union all
  select order_id, 'stray_refund'
  from transactions
  where type = 'Refund'
    and product_sales is distinct from 0
    and msku is null
  union all
  select order_id, 'unclear_return'
  from returned_units
  where is_unclear
  union all
  select order_id, 'unclear_payment'
  from order_payments
  where units_unknown)
select
  order_id,
  bool_or(doubt = 'stray_return') as stray_return,
  bool_or(doubt = 'stray_payment') as stray_payment,
  bool_or(doubt = 'stray_refund') as stray_refund,
  bool_or(doubt = 'unclear_return') as unclear_return,
  bool_or(doubt = 'unclear_payment') as unclear_payment
from doubts
group by order_id
