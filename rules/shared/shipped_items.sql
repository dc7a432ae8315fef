/*
table = "shipped_items"
what = "Every item of a parcel to a customer once, from Amazon Fulfilled Shipments, whose lines are sometimes doubled."

Lines of one shipment-item-id are one item, with the highest quantity that any of them states. Lines without that ID are
one item when they agree in order, SKU, day, quantity and tracking number. `doubled_rows` are the lines that add nothing.
*/
with named as (
  select
    *,
    coalesce(shipment_item_id, concat_ws('|', date, quantity, tracking_number, merchant_order_id)) as item_key
  from order_shipments
  where order_id is not null and msku is not null),
ranked as (
  select
    *,
    row_number() over (partition by order_id, msku, item_key order by quantity desc nulls last, row_id) as place
  from named)
select
  order_id,
  msku,
  item_key,
  min(date) as date,
  max(quantity) as units,
  bool_or(quantity is null) as units_unknown,
  min(purchase_date) as purchase_date,
  max(estimated_arrival) as estimated_arrival,
  max(nullif(trim(tracking_number), '')) as tracking_number,
  max(upper(nullif(trim(carrier), ''))) as carrier,
  min(sales_channel) as sales_channel,
  max(title) as title,
  any_value(row_id) filter (place = 1) as row_id,
  list(row_id order by row_id) filter (place > 1) as doubled_rows
from ranked
group by order_id, msku, item_key
