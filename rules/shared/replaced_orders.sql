/*
table = "replaced_orders"
what = "Which order a replacement belongs to: the order ID of each replacement, and the order that the customer placed."

A replacement of a replacement belongs to the first order.
*/
with sent as (
  select order_id, min(original_order_id) as original_order_id
  from replacements
  group by order_id)
select sent.order_id, coalesce(earlier.original_order_id, sent.original_order_id) as first_order_id
from sent
left join sent as earlier on earlier.order_id = sent.original_order_id
