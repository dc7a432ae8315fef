/*
title = "Commission not given back with a refund"
what = "Refunded order lines shipped by Amazon for which less of the referral fee came back than the refunded share of it, less the refund administration fee."
why = "When an order is refunded, Amazon gives the referral fee back in proportion, less a refund administration fee of at most a fifth of it."
leaves_out = [
  "Fees that came back later, with another row or under another transaction type.",
  "Refunds that were taken back from the customer.",
  "The fixed most of the administration fee (such as 5 USD): without a row that shows the fee, a fifth of the referral fee is allowed for it.",
  "Orders whose charge the exports do not show, and settlement refunds whose charge only the transaction report shows.",
  "Orders that the seller shipped.",
  "Closing fees, fulfilment fees and digital services fees.",
  "A difference of no more than the smallest coin for each unit.",
]
source = "https://sellercentral.amazon.com/gp/help/external/GDC3U6FWF4JJJJC7?language=en_US"
basis = "stated"
value_basis = "commission"
reads = [["settlements_v2", "transactions"]]
inputs = ["order_money", "orders", "sku_labels"]

[[requires]]
table = "settlements_v2"
from = "event_date"
to = "as_of"
without = "review"

[[requires]]
table = "transactions"
from = "event_date"
to = "as_of"
without = "review"
*/
with ordered as (
  select
    order_id,
    msku,
    min(asin) as ordered_asin,
    max(title) as ordered_title,
    min(sales_channel) as sales_channel,
    bool_or(fulfillment_channel ilike 'merchant' or fulfillment_channel ilike 'mfn') as ordered_from_seller
  from orders
  group by order_id, msku),
sides as (
  select
    order_id,
    msku,
    source,
    side,
    sum(principal) as principal,
    sum(sales) as sales,
    sum(sales + discount) as net_sales,
    sum(commission) as commission,
    sum(units) as units,
    min(currency) as lowest_currency,
    max(currency) as highest_currency,
    mode(marketplace_name order by marketplace_name) as marketplace_name,
    bool_or(fulfillment_id = 'MFN') as from_seller,
    bool_or(fulfillment_id = 'AFN') as from_amazon,
    bool_or(is_unknown) as is_unknown,
    sum(total) as total,
    list({
      'role': case
        when source = 'transactions' then case side when 'charged' then 'order' else 'refund' end
        when administration_fee <> 0 then 'administration_fee'
        when commission <> 0 then case side when 'charged' then 'commission' else 'commission_returned' end
        else case side when 'charged' then 'charged' when 'refunded' then 'refunded' else 'credited' end
      end,
      'row_id': row_id,
      'units': null::bigint}
      order by commission = 0, date, row_id) filter (
      principal <> 0 or commission <> 0 or administration_fee <> 0 or side = 'credited') as side_rows
  from order_money
  group by order_id, msku, source, side),
credits as (
  select order_id, msku, source, total as credited, side_rows as credit_rows
  from sides
  where side = 'credited'),
paired as (
  -- charge and refund from one report where possible: the transaction report counts more fees as selling fees, so a
  -- charge from it is never compared with a refund from a settlement
  select
    order_id,
    msku,
    charges.source as charge_source,
    refunds.source as refund_source,
    charges.principal as charged_principal,
    charges.sales as charged_sales,
    charges.net_sales as charged_net,
    -charges.commission as commission,
    charges.units as charged_units,
    charges.lowest_currency = charges.highest_currency
      and refunds.lowest_currency = refunds.highest_currency
      and charges.lowest_currency = refunds.lowest_currency as is_one_currency,
    refunds.highest_currency as currency,
    coalesce(refunds.marketplace_name, charges.marketplace_name) as marketplace_name,
    charges.from_seller or refunds.from_seller as from_seller,
    coalesce(charges.from_amazon or refunds.from_amazon, false) as from_amazon,
    charges.is_unknown or refunds.is_unknown as is_unknown,
    list_concat([], charges.side_rows, refunds.side_rows, credit_rows) as evidence,
    coalesce(credited, 0) as credited
  from sides as refunds
  left join credits using (order_id, msku, source)
  join sides as charges using (order_id, msku)
  where refunds.side = 'refunded'
    and charges.side = 'charged'
    and (charges.source = refunds.source or charges.source = 'settlement')
    and charges.commission < 0
    and charges.principal > 0
  qualify row_number() over (
    partition by order_id, msku
    order by charges.source <> refunds.source, refunds.source) = 1),
refund_days as (
  select
    order_id,
    msku,
    date,
    sum(-sum(order_money.principal)) over line as principal_so_far,
    sum(-sum(sales)) over line as sales_so_far,
    sum(-sum(sales + discount)) over line as net_so_far,
    sum(sum(order_money.commission)) over line as returned_so_far,
    sum(-sum(administration_fee)) over line as fee_so_far
  from order_money
  join paired using (order_id, msku)
  where side = 'refunded' and source = refund_source
  group by order_id, msku, date
  window line as (partition by order_id, msku order by date)),
shares as (
  -- the referral fee is on the product, its shipping and its gift wrap after promotions: the smallest share counts
  select
    *,
    greatest(0, least(
      1,
      principal_so_far / charged_principal,
      sales_so_far / charged_sales,
      case when charged_net > 0 then net_so_far / charged_net end)) as refunded_share
  from refund_days
  join paired using (order_id, msku)),
dues as (
  select
    *,
    (commission * refunded_share)::decimal(18, 4) as exact_due,
    (commission * refunded_share / 5)::decimal(18, 4) as exact_fee,
    case when currency = 'JPY' then round(exact_due, 0) else round(exact_due, 2) end as due,
    case when currency = 'JPY' then round(exact_fee, 0) else round(exact_fee, 2) end as highest_fee,
    (case when currency = 'JPY' then 1 else 0.01 end * greatest(1, charged_units))::decimal(18, 4) as tolerance
  from shares),
allowed as (
  select
    *,
    -- each row of a fee is rounded by itself, so several of them may come to a coin more than a fifth of their sum
    (case when fee_so_far > 0 and fee_so_far <= highest_fee + tolerance then fee_so_far else highest_fee end)::decimal(18, 4)
      as allowed_fee,
    (due - allowed_fee - (returned_so_far - fee_so_far))::decimal(18, 4) as shortfall
  from dues),
lasting as (
  -- a later row may give the rest back: what was missing on a day is what no later day brings
  select
    *,
    max(shortfall) over (partition by order_id, msku) as most_missing,
    min(shortfall) over (
      partition by order_id, msku order by date rows between current row and unbounded following) as lasting_shortfall
  from allowed),
dated as (
  select
    *,
    coalesce(min(date) filter (lasting_shortfall > tolerance) over (partition by order_id, msku), date) as missing_since
  from lasting
  qualify row_number() over (partition by order_id, msku order by date desc) = 1),
judged as (
  select
    dated.*,
    shortfall - credited as missing,
    greatest(1, least(charged_units, round(charged_units * principal_so_far / charged_principal))) as refunded_units,
    case
      when from_seller or ordered_from_seller then 'not_fba'
      when is_unknown then 'amount_unknown'
      when not is_one_currency then 'currencies_differ'
      when principal_so_far <= 0 then 'refund_taken_back'
      when shortfall <= 0 then 'given_back_later'
      when shortfall <= tolerance then 'rounding'
      when missing <= tolerance then 'credited'
      else 'claim'
    end as outcome,
    from_amazon or ordered_from_seller is not null as knows_who_shipped,
    sales_channel,
    coalesce(ordered_asin, sku_labels.asin) as product_asin,
    coalesce(ordered_title, sku_labels.title) as product_title,
    sku_labels.fnsku
  from dated
  left join ordered using (order_id, msku)
  left join sku_labels using (msku)
  where most_missing > 0 or is_unknown),
printed as (
  select
    *,
    [case currency when 'JPY' then amount::decimal(18, 0)::varchar else amount::decimal(18, 2)::varchar end
      for amount in [due, allowed_fee, returned_so_far - fee_so_far, shortfall, credited]] as texts
  from judged)
select
  concat_ws('|', order_id, msku) as identity,
  outcome,
  case outcome
    when 'not_fba' then 'the seller shipped this order'
    when 'amount_unknown' then 'an amount of this order could not be read'
    when 'currencies_differ' then 'charge and refund are in different currencies'
    when 'refund_taken_back' then 'the refund was taken back from the customer'
    when 'given_back_later' then 'the fee came back with a later row'
    when 'rounding' then format('{} less came back than expected: a rounding difference', texts[4])
    when 'credited' then format('{} missing, {} credited since', texts[4], texts[5])
    else concat(
      format('{} commission due - {} administration fee - {} given back = {} missing', texts[1], texts[2], texts[3], texts[4]),
      case when credited > 0 then format(', {} credited since', texts[5]) end)
  end as explanation,
  coalesce(case when sales_channel not ilike 'non-amazon%' then sales_channel end, marketplace_name) as marketplace,
  fnsku,
  msku,
  product_asin as asin,
  product_title as title,
  order_id as reference_id,
  missing_since as event_date,
  missing_since as anchor_date,
  missing_since as covers_from,
  refunded_units::bigint as units,
  missing::decimal(38, 4) as value_total,
  refunded_units::bigint as value_units,
  currency,
  'review' as confidence,
  [reason for reason in [
    case when fee_so_far > highest_fee + tolerance
      then 'administration_fee_high: the refund administration fee is more than a fifth of the referral fee' end,
    case when refund_source = 'settlement' and fee_so_far <= 0
      then 'administration_fee_assumed: no row shows the refund administration fee, so a fifth of the referral fee is allowed for it' end,
    case when refund_source = 'transactions'
      then 'fees_netted: the transaction report puts all selling fees and the administration fee into one column; compare with the settlement' end,
    case when refunded_share < 1
      then 'partial_refund: only a part was refunded; where the referral fee has price steps, less than the share may be due' end,
    case when charge_source <> refund_source then 'two_reports: charge and refund are from two different reports' end,
    case when not knows_who_shipped then 'fulfilment_unknown: the exports do not say whether Amazon fulfilled this order' end]
    if reason is not null] as reasons,
  [case refund_source when 'settlement' then 'settlements_v2' else 'transactions' end] as relies_on,
  evidence
from printed
