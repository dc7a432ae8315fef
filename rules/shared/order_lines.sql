/*
table = "order_lines"
what = "One row per order and SKU: what was charged for it without tax, for how many units, and the fees charged."

The price is the settlement's Principal of the order, else the product sales of the transaction report; without either
the order report's item price, which is for the whole line. Fees are the referral fee (Commission, selling fees) and
the fulfilment fees of that order line, as negative amounts. `value_total` is the price less these fees, known only from
settlements and transaction reports. `lacks_rows`: a settlement that holds rows of the order does not add up, so fees may
be missing.
*/
with settled as (
  select
    order_id,
    msku,
    sum(amount) filter (amount_type = 'ItemPrice' and amount_description = 'Principal') as principal,
    sum(quantity) filter (amount_type = 'ItemPrice' and amount_description = 'Principal') as principal_units,
    sum(amount) filter (
      amount_description = 'Commission' or amount_description ilike 'FBA%Fulfil%Fee' or amount_description in ('FBAWeightBasedFee', 'FBATransportationFee')) as fees,
    mode(fulfillment_id order by fulfillment_id) as fulfillment_id,
    bool_or(settlement_id in (select settlement_id from incomplete_settlements)) as lacks_rows,
    mode(currency order by currency) as charged_currency,
    mode(marketplace_name order by marketplace_name) as marketplace_name,
    list({'role': 'order', 'row_id': row_id, 'units': null::bigint} order by row_id) filter (amount_description in ('Principal', 'Commission') or amount_description ilike 'FBA%Fee') as charged_rows
  from settlements_v2
  where transaction_type ilike 'order' and order_id is not null and msku is not null
  group by order_id, msku),
reported as (
  select
    order_id,
    msku,
    sum(product_sales) as principal,
    sum(quantity) as principal_units,
    sum(coalesce(selling_fees, 0) + coalesce(fba_fees, 0)) as fees,
    mode(fulfillment order by fulfillment) as fulfillment_id,
    false as lacks_rows,
    mode(currency order by currency) as charged_currency,
    mode(marketplace order by marketplace) as marketplace_name,
    list({'role': 'order', 'row_id': row_id, 'units': null::bigint} order by row_id) as charged_rows
  from transactions
  where type = 'Order'
  group by order_id, msku),
charged as (
  select *
  from settled
  union all
  select *
  from reported
  where not exists (
    select settled.order_id
    from settled
    where settled.order_id = reported.order_id and settled.msku = reported.msku)),
ordered as (
  select
    order_id,
    msku,
    sum(quantity) as ordered_units,
    sum(item_price) as item_price,
    min(asin) as asin,
    max(title) as title,
    min(sales_channel) as sales_channel,
    min(fulfillment_channel) as fulfillment_channel,
    list({'role': 'order', 'row_id': row_id, 'units': null::bigint} order by row_id) as ordered_rows
  from orders
  where msku is not null
  group by order_id, msku),
lines as (
  select
    *,
    principal_units > 0 and principal > 0 as is_charged,
    ordered_units > 0 and item_price > 0 as is_listed
  from charged
  full join ordered using (order_id, msku))
select
  order_id,
  msku,
  case when is_charged then principal when is_listed then item_price end as price_total,
  case when is_charged then principal_units when is_listed then ordered_units end as price_units,
  case when is_charged then principal + coalesce(fees, 0) end as value_total,
  case when is_charged then principal_units end as value_units,
  greatest(ordered_units, principal_units) as ordered_units,
  asin,
  title,
  sales_channel,
  charged_currency,
  coalesce(case when sales_channel not ilike 'non-amazon%' then sales_channel end, marketplace_name) as marketplace,
  case
    when fulfillment_id ilike 'MFN' or fulfillment_channel ilike 'Merchant' or fulfillment_channel ilike 'MFN' then 'MFN'
    when fulfillment_id ilike 'AFN' or fulfillment_channel ilike 'Amazon%' or fulfillment_channel ilike 'AFN' then 'AFN'
  end as fulfilled_by,
  lacks_rows,
  list_concat(ordered_rows, charged_rows) as order_rows
from lines
