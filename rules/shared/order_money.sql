/*
table = "order_money"
what = "What was charged for an order line, refunded and credited later, row by row, with the kind of money in each row."

Signs are the seller's: a charge is positive, a refund negative, fees the other way round. `side` is `charged`, `refunded`
or `credited` (money back under another transaction type, such as a fee adjustment or a second charge of the customer;
payments for units are no part of it). `source` says which report the row is from: the transaction report repeats
settlements and prints other days where money was held back, so the two are compared, never added.

`sales` is principal, shipping and gift wrap; `tax` the tax on them; `discount` promotions; `other_money` all else that the
customer paid or got and that is not the seller's to keep: withheld tax, points, shipping and gift wrap taken back by
Amazon, restocking. `commission` is the referral fee; the transaction report adds other selling fees to it and nets the
administration fee of a refund into it, so it states no `administration_fee`.
*/
with settled as (
  select
    *,
    lower(transaction_type) as type_words,
    lower(amount_type) as kind,
    lower(coalesce(amount_description, '')) as description
  from settlements_v2),
told_apart as (
  select
    *,
    kind = 'itemprice' and description = 'principal' as is_principal,
    kind = 'itemprice' and description in ('principal', 'shipping', 'giftwrap') as is_sale,
    kind = 'itemprice' and description in ('tax', 'shippingtax', 'giftwraptax') as is_tax,
    kind = 'promotion' as is_discount,
    kind in ('itemfees', 'shipment-fees')
      and not regexp_matches(description, 'chargeback|marketplacefacilitator|restocking|goodwill|returnshipping|shippinghb|points') as is_fee
  from settled),
from_settlements as (
  select
    order_id,
    msku,
    'settlement' as source,
    case type_words when 'order' then 'charged' when 'refund' then 'refunded' else 'credited' end as side,
    date,
    currency,
    marketplace_name,
    upper(fulfillment_id) as fulfillment_id,
    case when is_principal then quantity end as units,
    case when is_principal then amount else 0 end as principal,
    case when is_sale then amount else 0 end as sales,
    case when is_tax then amount else 0 end as tax,
    case when is_discount then amount else 0 end as discount,
    case when is_sale or is_tax or is_discount or is_fee then 0 else amount end as other_money,
    case when description = 'commission' then amount else 0 end as commission,
    case when description = 'refundcommission' then amount else 0 end as administration_fee,
    amount as total,
    amount is null as is_unknown,
    row_id
  from told_apart
  where type_words in ('order', 'refund')
    or (type_words <> 'other-transaction' or description = 'refund reimbursal') and amount > 0),
from_transactions as (
  select
    order_id,
    msku,
    'transactions' as source,
    case type when 'Order' then 'charged' when 'Refund' then 'refunded' else 'credited' end as side,
    date,
    currency,
    marketplace as marketplace_name,
    upper(fulfillment) as fulfillment_id,
    quantity as units,
    product_sales as principal,
    product_sales + coalesce(shipping_credits, 0) + coalesce(gift_wrap_credits, 0) as sales,
    coalesce(product_sales_tax, 0) + coalesce(shipping_credits_tax, 0) + coalesce(gift_wrap_credits_tax, 0)
      + coalesce(sales_tax_collected, 0) as tax,
    coalesce(promotional_rebates, 0) as discount,
    coalesce(promotional_rebates_tax, 0) + coalesce(marketplace_withheld_tax, 0) + coalesce(points_cost, 0)
      + coalesce(other_fees, 0) + coalesce(other, 0) as other_money,
    coalesce(selling_fees, 0) as commission,
    0 as administration_fee,
    total,
    product_sales is null as is_unknown,
    row_id
  from transactions
  where type in ('Order', 'Refund')
    or coalesce(type, '') <> 'Adjustment' and total > 0)
select *
from from_settlements
union all by name
select *
from from_transactions
