/*
table = "cash_payments"
what = "Every payment of money for units, with its marketplace, what it paid for one unit, and how many units were taken back since."

The Reimbursements report names no marketplace: the order's channel does, else the currency where one marketplace alone
has it, else the marketplace of that currency where the product, or else the account, has most rows. `paid_for` is
the family of the reason, removals and units on the way in each in one, and adjustments apart.
*/
with places as (
  select *, count(*) over (partition by currency) as of_currency
  from marketplaces),
stock as (
  select fnsku, marketplace, count(*) as stock_rows
  from ledger
  join marketplace_names on name = country
  group by fnsku, marketplace),
sales as (
  select marketplace, count(*) as sales_rows
  from orders
  join marketplace_names on name = sales_channel
  group by marketplace),
held as (
  select marketplace, sum(stock_rows) as held_rows
  from stock
  group by marketplace),
sold as (
  select order_id, min(marketplace) as order_marketplace
  from orders
  join marketplace_names on name = sales_channel
  group by order_id),
placed as (
  select payments.row_id, places.marketplace, places.region
  from payments
  join places on places.currency = payments.currency
  left join sold on sold.order_id = payments.order_id and sold.order_marketplace = places.marketplace
  left join stock on stock.fnsku = payments.fnsku and stock.marketplace = places.marketplace
  left join sales on sales.marketplace = places.marketplace
  left join held on held.marketplace = places.marketplace
  where of_currency = 1 or sales_rows is not null or held_rows is not null
  qualify row_number() over (
    partition by payments.row_id
    order by order_marketplace nulls last, stock_rows desc nulls last, sales_rows desc nulls last, held_rows desc nulls last, places.marketplace) = 1),
taken_back as (
  select original_reimbursement_id, coalesce(payments.fnsku, payments.msku) as product, -sum(payments.cash_units) as taken_units
  from payments
  join reimbursements on reimbursements.row_id = payments.row_id
  where payments.cash_units < 0
  group by original_reimbursement_id, coalesce(payments.fnsku, payments.msku)),
paid as (
  select
    payments.row_id,
    payments.date,
    payments.reimbursement_id,
    payments.order_id,
    payments.fnsku,
    coalesce(payments.msku, labelled.label_msku) as msku,
    reimbursements.asin,
    reimbursements.title,
    coalesce(payments.fnsku, payments.msku) as product,
    payments.currency,
    payments.family,
    payments.cash_units,
    payments.amount_total,
    greatest(payments.amount_per_unit, (payments.amount_total / payments.cash_units)::decimal(38, 4)) as paid_per_unit,
    reimbursements.reason
  from payments
  join reimbursements on reimbursements.row_id = payments.row_id
  left join (select fnsku as label_fnsku, any_value(msku) as label_msku from products group by fnsku having count(msku) = 1) as labelled
    on labelled.label_fnsku = payments.fnsku
  where payments.family <> 'reversal'
    and payments.cash_units > 0),
counted as (
  select
    paid.*,
    coalesce(taken_units, 0) as taken_units,
    coalesce(sum(cash_units) over (
      partition by reimbursement_id, paid.product order by row_id rows between unbounded preceding and 1 preceding), 0) as units_before
  from paid
  left join taken_back on original_reimbursement_id = reimbursement_id and taken_back.product = paid.product)
select
  counted.row_id,
  date,
  reimbursement_id,
  order_id,
  fnsku,
  msku,
  asin,
  title,
  product,
  currency,
  case when currency = 'JPY' then 0 else 2 end as digits,
  family,
  case
    when family like 'removal%' then 'removal'
    when family = 'inbound_damaged' then 'inbound'
    when reason ilike '%adjust%' or reason ilike '%evaluat%' then 'adjustment'
    else family
  end as paid_for,
  cash_units,
  paid_per_unit,
  amount_total,
  greatest(0, least(cash_units, taken_units - units_before))::bigint as reversed_units,
  marketplace,
  region
from counted
left join placed on placed.row_id = counted.row_id
