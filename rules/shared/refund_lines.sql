/*
table = "refund_lines"
what = "Every refunded principal of an order, from settlements and from transaction reports, each refund once."

`amount` is negative where money went back to the customer. The transaction report repeats refunds that a settlement
holds: the same order and SKU on the same day, or on the day before or after in the same settlement, because one prints
UTC and the other the marketplace's own time. Then the settlement counts.
*/
with settled as (
  select order_id, msku, date, amount, currency, marketplace_name, upper(fulfillment_id) as fulfillment_id, settlement_id, row_id
  from settlements_v2
  where transaction_type = 'Refund'
    and amount_type = 'ItemPrice'
    and amount_description = 'Principal'
    and order_id is not null
    and msku is not null),
reported as (
  select
    order_id,
    msku,
    date,
    product_sales as amount,
    currency,
    marketplace as marketplace_name,
    fulfillment as fulfillment_id,
    settlement_id,
    row_id
  from transactions
  where type = 'Refund'
    and product_sales is distinct from 0
    and order_id is not null
    and msku is not null)
select order_id, msku, date, amount, currency, marketplace_name, fulfillment_id, row_id
from settled
union all
select order_id, msku, date, amount, currency, marketplace_name, fulfillment_id, row_id
from reported
where not exists (
  select settled.row_id
  from settled
  where settled.order_id = reported.order_id
    and settled.msku = reported.msku
    and (settled.date = reported.date
      or abs(settled.date - reported.date) = 1 and coalesce(reported.settlement_id, settled.settlement_id) = settled.settlement_id))
