/*
title = "Refunded more than charged"
what = "Order lines shipped by Amazon of which the customer was refunded more than was charged: price, shipping and gift wrap, each with its tax."
why = "Amazon refunds customers on the seller's account; nobody can be refunded more than was paid."
leaves_out = [
  "Refunds of no more than was charged, also of shipping or tax alone.",
  "What promotions, points, withheld tax or a shipping charge given back pay for: only what the seller paid is claimed.",
  "Refunds that were taken back, or whose excess was credited under another transaction type.",
  "Orders whose charge the exports do not show, or show for fewer units than were ordered.",
  "Orders that the seller shipped.",
  "Charges and refunds in different currencies.",
  "A difference of no more than the smallest coin for each unit.",
  "Goodwill amounts beside the refund, A-to-z claims and chargebacks: the exports do not say who bears them.",
]
source = "https://sellercentral.amazon.com/gp/help/external/G9N934L7Y4SFWPJ4?locale=en-US"
basis = "stated"
value_basis = "excess"
reads = [["settlements_v2", "transactions"]]
inputs = ["order_money", "order_payments", "orders", "sku_labels"]

[[requires]]
table = "settlements_v2"
from = "covers_from"
to = "as_of"
without = "review"

[[requires]]
table = "transactions"
from = "covers_from"
to = "as_of"
without = "review"
*/
with ordered as (
  select
    order_id,
    msku,
    sum(quantity) as ordered_units,
    min(asin) as ordered_asin,
    max(title) as ordered_title,
    min(sales_channel) as sales_channel,
    bool_or(fulfillment_channel ilike 'merchant' or fulfillment_channel ilike 'mfn') as ordered_from_seller
  from orders
  group by order_id, msku),
customer_money as (
  -- both counts are kept: what went to the customer, and what of it the seller bears
  select
    *,
    sales + tax as gross,
    sales + tax + discount + other_money as net,
    -- rows of settlements hold one amount each, so their sum can be stated; all other rows are there to be looked up
    case side
      when 'charged' then case when source = 'settlement' and gross <> 0 then 'charged' else 'order' end
      else case when source = 'settlement' and gross <> 0 then 'refunded' else 'refund' end
    end as role
  from order_money),
sides as (
  select
    order_id,
    msku,
    source,
    side,
    sum(gross) as gross,
    sum(net) as net,
    sum(principal) as principal,
    sum(units) as units,
    min(date) as first_date,
    min(currency) as lowest_currency,
    max(currency) as highest_currency,
    mode(marketplace_name order by marketplace_name) as marketplace_name,
    bool_or(fulfillment_id = 'MFN') as from_seller,
    bool_or(fulfillment_id = 'AFN') as from_amazon,
    bool_or(is_unknown) as is_unknown,
    list({'role': role, 'row_id': row_id, 'units': null::bigint} order by gross = 0, date, row_id) filter (
      gross <> 0 or net <> 0) as side_rows
  from customer_money
  group by order_id, msku, source, side),
charges as (
  -- of two reports the one that shows more: a charge that lacks a row must not make a refund look too large
  select *
  from sides
  where side = 'charged'
  qualify row_number() over (partition by order_id, msku order by gross desc nulls last, source) = 1),
refunds as (
  select *
  from sides
  where side = 'refunded'
  qualify row_number() over (partition by order_id, msku order by source) = 1),
refund_days as (
  select
    order_id,
    msku,
    date,
    sum(-sum(customer_money.gross)) over (partition by order_id, msku order by date) as refunded_so_far
  from customer_money
  join refunds using (order_id, msku, source, side)
  group by order_id, msku, date),
lasting as (
  -- a later row may take a refund back: what was refunded by a day is what no later day undoes
  select
    *,
    min(refunded_so_far) over (
      partition by order_id, msku order by date rows between current row and unbounded following) as lasting_refund
  from refund_days),
highest as (
  select
    order_id,
    msku,
    max(refunded_so_far) as most_refunded,
    coalesce(min(date) filter (lasting_refund > charges.gross), max(date)) as exceeded_on
  from lasting
  join charges using (order_id, msku)
  group by order_id, msku),
credits as (
  select
    order_id,
    msku,
    source,
    sum(total) as credited,
    list({'role': 'credited', 'row_id': row_id, 'units': null::bigint} order by date, row_id) as credit_rows
  from order_money
  where side = 'credited'
  group by order_id, msku, source),
paid_orders as (
  select distinct order_id, true as has_payment
  from order_payments),
compared as (
  select
    order_id,
    msku,
    exceeded_on,
    most_refunded,
    charges.gross as charged,
    -refunds.gross as refunded,
    -refunds.gross - charges.gross as excess,
    -refunds.net - charges.net as excess_borne,
    coalesce(credited, 0) as credited,
    credit_rows,
    -refunds.principal as refunded_principal,
    greatest(1, least(charges.units, round(-refunds.principal * charges.units / charges.principal))) as refunded_units,
    refunds.highest_currency as currency,
    least(charges.lowest_currency, refunds.lowest_currency)
      is distinct from greatest(charges.highest_currency, refunds.highest_currency) as currencies_differ,
    case when refunds.highest_currency = 'JPY' then 1 else 0.01 end as smallest_coin,
    charges.from_seller or refunds.from_seller or ordered_from_seller as shipped_by_seller,
    charges.from_amazon or refunds.from_amazon or ordered_from_seller is not null as knows_who_shipped,
    charges.is_unknown or refunds.is_unknown as is_unknown,
    ordered_units > coalesce(charges.units, 0) as is_incomplete,
    ordered_units = charges.units as is_complete,
    ordered_units,
    charges.units as charged_units,
    charges.first_date as first_charge,
    charges.source as charge_source,
    refunds.source as refund_source,
    charges.side_rows as charge_rows,
    refunds.side_rows as refund_rows,
    coalesce(refunds.marketplace_name, charges.marketplace_name) as marketplace_name,
    sales_channel,
    has_payment,
    coalesce(ordered_asin, sku_labels.asin) as product_asin,
    coalesce(ordered_title, sku_labels.title) as product_title,
    sku_labels.fnsku
  from refunds
  left join credits using (order_id, msku, source)
  join charges using (order_id, msku)
  join highest using (order_id, msku)
  left join ordered using (order_id, msku)
  left join sku_labels using (msku)
  left join paid_orders using (order_id)),
decided as (
  select
    *,
    least(excess, excess_borne) - credited as too_much,
    smallest_coin * coalesce(charged_units, 1) as tolerance,
    case
      when shipped_by_seller then 'not_fba'
      when is_unknown then 'amount_unknown'
      when currencies_differ then 'currencies_differ'
      when is_incomplete then 'charge_incomplete'
      when excess <= 0 then 'refund_taken_back'
      when refunded_principal <= 0 then 'shipping_or_tax_only'
      when excess <= tolerance then 'rounding'
      when excess_borne <= tolerance then 'not_borne_by_seller'
      when too_much <= tolerance then 'credited'
      else 'claim'
    end as outcome
  from compared
  where most_refunded > charged or currencies_differ or is_unknown),
printed as (
  select
    *,
    case currency when 'JPY' then refunded::decimal(18, 0)::varchar else refunded::decimal(18, 2)::varchar end as refunded_text,
    case currency when 'JPY' then charged::decimal(18, 0)::varchar else charged::decimal(18, 2)::varchar end as charged_text,
    case currency when 'JPY' then excess::decimal(18, 0)::varchar else excess::decimal(18, 2)::varchar end as excess_text,
    case currency when 'JPY' then credited::decimal(18, 0)::varchar else credited::decimal(18, 2)::varchar end as credited_text,
    case currency when 'JPY' then too_much::decimal(18, 0)::varchar else too_much::decimal(18, 2)::varchar end as too_much_text
  from decided)
select
  concat_ws('|', order_id, msku) as identity,
  outcome,
  case outcome
    when 'not_fba' then 'the seller shipped this order'
    when 'amount_unknown' then 'an amount of this order could not be read'
    when 'currencies_differ' then 'charge and refund are in different currencies'
    when 'charge_incomplete' then format('the exports show the charge for {} of {} ordered units', coalesce(charged_units, 0), ordered_units)
    when 'refund_taken_back' then format('{} refunded in the end, {} charged: a refund was taken back', refunded_text, charged_text)
    when 'shipping_or_tax_only' then format('{} refunded, nothing of it for the product itself', refunded_text)
    when 'rounding' then format('{} refunded, {} charged: a rounding difference', refunded_text, charged_text)
    when 'not_borne_by_seller' then format('{} refunded, {} charged, but the seller did not bear the difference', refunded_text, charged_text)
    when 'credited' then format('{} refunded too much, {} credited since', excess_text, credited_text)
    else concat(
      format('{} refunded - {} charged = {} too much', refunded_text, charged_text, excess_text),
      case when credited > 0 then format(', {} credited since', credited_text) end,
      case when too_much < excess then format(', {} left at your expense', too_much_text) end)
  end as explanation,
  coalesce(case when sales_channel not ilike 'non-amazon%' then sales_channel end, marketplace_name) as marketplace,
  fnsku,
  msku,
  product_asin as asin,
  product_title as title,
  order_id as reference_id,
  exceeded_on as event_date,
  exceeded_on as anchor_date,
  -- where no order says how many units were charged, an earlier parcel of the order may have been: a month is looked back
  case when is_complete then exceeded_on else least(first_charge - 30, exceeded_on) end as covers_from,
  refunded_units::bigint as units,
  too_much::decimal(38, 4) as value_total,
  refunded_units::bigint as value_units,
  currency,
  'review' as confidence,
  [reason for reason in [
    'refund_to_check: look the order up first: a refund may hold amounts that the exports do not name',
    case when not coalesce(knows_who_shipped, false) then 'fulfilment_unknown: the exports do not say whether Amazon fulfilled this order' end,
    case when not is_complete then 'charge_to_check: the order shows more charged units than ordered ones' end,
    case when is_incomplete is null then 'order_unknown: no orders export shows how many units were ordered' end,
    case when charge_source <> refund_source then 'two_reports: charge and refund are from two different reports' end,
    case when has_payment then 'paid_for_order: Amazon has paid for this order; make sure that it was not for this' end]
    if reason is not null] as reasons,
  list_distinct([
    case charge_source when 'settlement' then 'settlements_v2' else 'transactions' end,
    case refund_source when 'settlement' then 'settlements_v2' else 'transactions' end]) as relies_on,
  list_concat([], refund_rows, charge_rows, credit_rows) as evidence
from printed
