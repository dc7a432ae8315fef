/*
table = "fulfilment_fees"
what = "The fulfilment fee of one unit, for every order line and day that a settlement charges one for."

Only orders of Amazon's own channels that Amazon fulfilled, with the one fee per unit: lines with a fee of several parts, an
unreadable fee, a fee that came back, or units that two rows state differently are left out. `market` is blank where the
settlement names no marketplace. `price` is the principal of one unit, unknown without its row.
*/
with money as (
  select
    row_id,
    order_id,
    msku,
    order_item_code as item_code,
    date,
    upper(trim(currency)) as currency,
    marketplace_name,
    upper(trim(fulfillment_id)) as fulfillment_id,
    amount,
    quantity,
    lower(transaction_type) = 'order' as is_order,
    lower(amount_type) = 'itemprice' and lower(amount_description) = 'principal' as is_principal,
    regexp_matches(letters, '^fbaperunitfulfill?mentfee$') as is_fee,
    letters like 'fba%fee' as is_fba_fee
  from (
    select *, regexp_replace(lower(amount_description), '[^a-z]', '', 'g') as letters
    from settlements_v2
    where msku is not null)),
given_back as (
  select order_id, msku
  from money
  where is_fee and (not is_order or amount > 0 or amount is null)),
lines as (
  select
    order_id,
    msku,
    item_code,
    date,
    currency,
    mode(marketplace_name order by marketplace_name) as marketplace_name,
    -sum(amount) filter (is_fee) as fee_total,
    -- of a fee the quantity may be printed or not; where both are printed they must agree
    coalesce(sum(quantity) filter (is_principal), sum(quantity) filter (is_fee)) as units,
    coalesce(sum(quantity) filter (is_fee), sum(quantity) filter (is_principal)) as fee_units,
    sum(amount) filter (is_principal) as principal,
    list(row_id order by row_id) filter (is_fee) as fee_rows
  from money
  where is_order
  group by order_id, msku, item_code, date, currency
  having not bool_or(coalesce(fulfillment_id = 'MFN', false))
    and not bool_or(coalesce(marketplace_name ilike 'non-amazon%', false))
    and not bool_or(is_fba_fee and not is_fee)
    and not bool_or(is_principal and quantity is null)
    and (bool_or(is_principal) or not bool_or(is_fee and quantity is null)))
select
  lines.*,
  coalesce(known.marketplace, '') as market,
  fee_total / units as fee,
  principal / units as price
from (
  select * replace (fee_total::decimal(38, 4) as fee_total, units::bigint as units)
  from lines
  where fee_total > 0 and units > 0 and units = fee_units and order_id not ilike 's%') as lines
left join marketplace_names as known on known.name = lines.marketplace_name
where not exists (
  select given_back.order_id
  from given_back
  where given_back.order_id = lines.order_id and given_back.msku = lines.msku)
