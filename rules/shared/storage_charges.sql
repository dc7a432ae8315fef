/*
table = "storage_charges"
what = "Every row of the monthly storage fees whose figures are all known, with what those figures give: volume times units times rate, and the surcharge likewise."

All sizes are approximate, because the report rounds: `highest_fee` is the most that they allow. Units waiting for
removal or held for orders are counted as stored, so the fee due is rather too high than too low. `copy` numbers the
rows that are alike in every figure. `repeats_itself`: half of the country's rows of that month stand in the export more
than once, so the file repeats them, not Amazon. `charge_day` is the day on which a settlement charges
storage in the month after, unknown without one.
*/
with printed as (
  -- wide decimals, because a product of narrow ones overflows
  select
    row_id,
    date as month,
    month_end,
    nullif(trim(fnsku), '') as fnsku,
    msku,
    asin,
    title,
    fulfillment_center,
    country,
    upper(trim(currency)) as currency,
    size_tier,
    dangerous_goods,
    lower(trim(unit_of_volume)) as volume_unit,
    try_cast(item_volume as decimal(14, 8))::decimal(26, 8) as item_volume,
    try_cast(quantity_on_hand + coalesce(quantity_pending_removal, 0) + coalesce(quantity_customer_orders, 0) as decimal(12, 4)) as quantity,
    try_cast(coalesce(base_rate, storage_rate) as decimal(11, 4)) as rate,
    try_cast(fee as decimal(18, 6)) as fee,
    try_cast(surcharge as decimal(18, 6)) as printed_surcharge,
    try_cast(surcharge_volume as decimal(14, 6))::decimal(24, 6) * try_cast(surcharge_rate as decimal(11, 4)) as computed_surcharge
  from storage_fees
  where date <= $as_of),
priced as (
  select
    printed.*,
    size_units.factor as cubic_cm_each,
    -- what the report states as surcharge is due when its own figures give as much, else what they give; both pass over a blank
    least(greatest(printed_surcharge, 0), computed_surcharge)::decimal(18, 6) as surcharge,
    greatest(
      item_volume::double + case when factor > 100000 then 0.00005 when factor > 1000 then 0.0005 else 0.5 end,
      product_sizes.cubic_cm / factor * 1.01) as highest_volume
  from printed
  join size_units on size_units.kind = 'volume' and size_units.unit = volume_unit
  left join product_sizes on product_sizes.row_id = printed.row_id
  where printed.fnsku is not null and item_volume > 0 and quantity > 0 and rate > 0 and fee > 0),
numbered as (
  select
    *,
    (item_volume * quantity * rate + surcharge)::decimal(18, 6) as due,
    highest_volume * (quantity::double + 0.005) * rate::double + surcharge::double * 1.01 + 0.005 as highest_fee,
    row_number() over (
      partition by month, fnsku, asin, msku, country, fulfillment_center, size_tier, dangerous_goods, currency, item_volume, quantity, rate, fee
      order by row_id) as copy
  from priced),
charge_days as (
  select upper(trim(currency)) as currency, date_trunc('month', date)::date as charged_in, min(date) as charge_day
  from settlements_v2
  where regexp_replace(lower(amount_description), '[^a-z]', '', 'g') in ('storagefee', 'fbastoragefee', 'storagerenewalbilling')
    and amount < 0
  group by all)
select
  numbered.*,
  charge_days.charge_day,
  count_if(copy = 2) over place * 2 >= count_if(copy = 1) over place as repeats_itself
from numbered
left join charge_days
  on charge_days.currency = numbered.currency and charge_days.charged_in = (month + interval 1 month)::date
window place as (partition by country, numbered.currency, month)
