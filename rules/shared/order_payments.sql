/*
table = "order_payments"
what = "Payments keyed to an order, by the order that the customer placed and SKU, for whatever reason; no reversals, no fees."

A payment may name the order of the replacement, and only the label of the product.
*/
with skus as (
  select fnsku as sku_fnsku, any_value(msku) as sku
  from products
  group by fnsku
  having count(msku) = 1)
select
  coalesce(first_order_id, payments.order_id) as order_id,
  coalesce(msku, sku) as msku,
  date,
  row_id,
  units,
  units_unknown
from payments
left join replaced_orders on replaced_orders.order_id = payments.order_id
left join skus on skus.sku_fnsku = payments.fnsku
where family not in ('reversal', 'fee')
