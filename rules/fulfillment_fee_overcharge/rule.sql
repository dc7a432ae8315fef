/*
title = "Fulfilment fee too high"
what = "Fulfilment fees of a product in a month above the fee that the product was charged before, or above Amazon's own fee preview."
why = "Amazon takes the fulfilment fee from the size and weight of a product. Where neither changed, and no day of new rates lies between, a fee that rose by more than a tenth rests on a wrong size or weight."
leaves_out = [
  "The fee that the size tier of your own measurements gives: no source states the fee tables of all marketplaces with their dates, so the fee before the rise and Amazon's fee preview stand for it.",
  "Fees that rose on a day of new rates or together with those of other products, and charges after the rise from the next day of new rates on.",
  "Fees that rose with the size that Amazon records, unless your own measurements fit the size before.",
  "Products whose fee rises and falls again and again, as with orders served from another country.",
  "Units sold at a higher price than those before the rise, or than the price in the fee preview: the fee may depend on the price.",
  "Fees that were too high from the first day on and that Amazon's fee preview repeats: ask Amazon to measure the product again.",
  "Charges that only the transaction report shows, because its column adds up several fees.",
  "Multi-channel orders, orders that the seller shipped, and fees made of several parts.",
]
source = "https://sellercentral.amazon.fr/gp/help/external/help.html?itemID=GL7U4JFSDXUTQAJ&language=en_FR"
window = "fee_weight_dims"
basis = "stated"
value_basis = "overcharge"
reads = ["settlements_v2"]
inputs = ["fulfilment_fees", "fee_credits", "fee_previews", "product_sizes", "sku_labels", "marketplaces", "marketplace_names", "fee_changes"]
options = { least_rise = 10 }

[[requires]]
table = "settlements_v2"
from = "event_date"
to = "as_of"
without = "review"
*/
with compared as (
  select
    * replace (fee::decimal(38, 6) as fee, price::decimal(38, 6) as price),
    lag(fee::decimal(38, 6)) over line as fee_before,
    lag(date) over line as day_before
  from fulfilment_fees
  window line as (partition by market, currency, msku order by date, fee, order_id, item_code)),
stepped as (
  select
    *,
    coalesce(fee * 100 > fee_before * (100 + $least_rise), false) as is_rise,
    coalesce(fee_before * 100 > fee * (100 + $least_rise), false) as is_fall
  from compared),
levels as (
  select
    *,
    count_if(is_rise) over so_far as rises_so_far,
    count_if(is_fall) over so_far as falls_so_far,
    count_if(is_rise or is_fall) over so_far as level
  from stepped
  window so_far as (
    partition by market, currency, msku order by date, fee, order_id, item_code
    rows between unbounded preceding and current row)),
histories as (
  select
    market,
    currency,
    msku,
    max(rises_so_far) as rises,
    max(falls_so_far) as falls,
    max(falls_so_far) filter (rises_so_far = 0) as falls_before,
    max(level) as last_level,
    max(date) filter (rises_so_far = 0) as last_low,
    min(date) filter (is_rise) as first_high,
    max(fee_before) filter (is_rise) as low_fee,
    max(price) filter (rises_so_far = 0) as low_price,
    count_if(rises_so_far = 0) as low_lines,
    count_if(rises_so_far = 1 and falls_so_far = 0) as high_lines,
    last(fee order by date, fee desc) as latest_fee,
    list({'role': 'before', 'row_id': fee_rows[1], 'units': null::bigint} order by date desc, fee_rows[1])
      filter (rises_so_far = 0) as low_rows
  from levels
  group by market, currency, msku),
previews as (
  -- the highest of the fees in the preview: an order may be served from another country
  select
    coalesce(known.marketplace, '') as market,
    upper(trim(fee_previews.currency)) as currency,
    msku,
    max(highest_fee) as preview_fee,
    max(greatest(your_price, sales_price)) as preview_price,
    first(row_id order by highest_fee desc, row_id) as preview_row
  from (
    select *, greatest(fulfillment_fee, efn_fee_uk, efn_fee_de, efn_fee_fr, efn_fee_it, efn_fee_es, efn_fee_se) as highest_fee
    from fee_previews) as fee_previews
  left join marketplace_names as known on known.name = fee_previews.store
  where fulfillment_fee > 0
    and coalesce(has_local_inventory, '') not ilike 'no'
    and coalesce(fulfilled_by, '') not ilike 'merchant%'
  group by all),
previewed as (
  -- a preview without store counts for its currency
  select histories.market, histories.currency, histories.msku, preview_fee, preview_price, preview_row
  from histories
  join previews
    on previews.msku = histories.msku
    and previews.currency = histories.currency
    and (previews.market = histories.market or previews.market = '' or histories.market = '')
  qualify row_number() over (
    partition by histories.market, histories.currency, histories.msku
    order by previews.market <> histories.market, preview_fee desc, preview_row) = 1),
preview_proofs as (
  select
    histories.market,
    histories.currency,
    count(*) - 1 as previewed_others,
    count_if(abs(latest_fee - preview_fee) <= 0.01) as agreeing_products
  from histories
  join previewed using (market, currency, msku)
  group by all),
rate_days as (
  -- a charge that names no marketplace may be of any that has its currency
  select sold.market, sold.currency, changed_on, at_most
  from (select market, currency from histories group by all) as sold
  join marketplaces on marketplace = market or market = '' and marketplaces.currency = sold.currency
  join fee_changes using (marketplace)),
new_rates as (
  -- the day on which a charge is posted may lie some days after the shipment
  select
    market,
    currency,
    msku,
    min(changed_on) filter (at_most is null) as unknown_since,
    min(changed_on) filter (at_most is not null) as known_since,
    max(at_most) as known_rise
  from histories
  join rate_days using (market, currency)
  where changed_on >= last_low - 7
  group by all),
risen as (
  select histories.*, unknown_since, known_since, known_rise
  from histories
  left join new_rates using (market, currency, msku)
  where rises > 0),
witnesses as (
  -- the products that sell on the most days show best whether the rates stayed
  select market, currency, msku
  from fulfilment_fees
  group by market, currency, msku
  qualify row_number() over (partition by market, currency order by count(distinct date) desc, msku) <= 40),
witness_days as (
  select market, currency, msku as other_msku, date, min(fee) as fee
  from fulfilment_fees
  join witnesses using (market, currency, msku)
  group by all),
others as (
  select
    risen.market,
    risen.currency,
    risen.msku,
    other_msku,
    arg_max(fee, date) filter (date <= last_low) as other_before,
    arg_min(fee, date) filter (date >= first_high) as other_after
  from risen
  join witness_days
    on witness_days.market = risen.market
    and witness_days.currency = risen.currency
    and other_msku <> risen.msku
    and date between last_low - 60 and first_high + 60
  where rises = 1
  group by all),
neighbours as (
  select
    market,
    currency,
    msku,
    count(*) as other_products,
    count_if(other_after > other_before * 1.05) as risen_products
  from others
  where other_before is not null and other_after is not null
  group by all),
preview_labels as (
  -- a label or ASIN that differs from marketplace to marketplace is not known
  select
    msku,
    case when count(distinct fnsku) = 1 then any_value(fnsku) end as preview_fnsku,
    case when count(distinct asin) = 1 then any_value(asin) end as preview_asin,
    max(title) as preview_title
  from fee_previews
  group by msku),
monthly_sizes as (
  -- only the sizes in storage fees have a month, and some of them no SKU
  select
    product_sizes.*,
    coalesce(product_sizes.msku, sku_labels.msku) as size_msku
  from product_sizes
  left join sku_labels on sku_labels.fnsku = product_sizes.fnsku),
sizes_before as (
  select market, currency, risen.msku, longest, median, shortest, grams, row_id
  from risen
  join monthly_sizes on size_msku = risen.msku and month < date_trunc('month', first_high)
  qualify row_number() over (partition by market, currency, risen.msku order by month desc, cubic_cm desc, row_id) = 1),
sizes_after as (
  select market, currency, risen.msku, longest, median, shortest, grams, row_id
  from risen
  join monthly_sizes on size_msku = risen.msku and month >= date_trunc('month', first_high)
  qualify row_number() over (partition by market, currency, risen.msku order by month, cubic_cm desc, row_id) = 1),
sizes as (
  select
    histories.market,
    histories.currency,
    histories.msku,
    measured.row_id as measured_row,
    before.row_id as before_row,
    after.row_id as after_row,
    -- sizes are rounded in the exports: one in a hundred is no difference
    greatest(
      after.longest / before.longest, after.median / before.median,
      after.shortest / before.shortest, after.grams / before.grams) > 1.02 as grew,
    greatest(
      measured.longest / before.longest, measured.median / before.median,
      measured.shortest / before.shortest, measured.grams / before.grams) <= 1.01 as fits_before,
    greatest(
      measured.longest / preview.longest, measured.median / preview.median,
      measured.shortest / preview.shortest, measured.grams / preview.grams) <= 1.01 as fits_preview
  from histories
  left join sizes_before as before using (market, currency, msku)
  left join sizes_after as after using (market, currency, msku)
  left join previewed using (market, currency, msku)
  left join product_sizes as measured on measured.source = 'measured' and measured.msku = histories.msku
  left join product_sizes as preview on preview.row_id = previewed.preview_row),
judged_rises as (
  select
    risen.*,
    coalesce(other_products >= 2, false) as rates_compared,
    case
      when rises > 1 or falls_before > 0 or falls > 1 then 'fees_mixed'
      when low_lines < 2 or high_lines < 2 then 'too_few_charges'
      when other_products >= 2 and risen_products * 2 >= other_products then 'other_fees_rose'
      when fits_before = false then 'measured_larger'
      when grew and fits_before is null then 'size_changed'
      when fits_before is null and fits_preview = false then 'measured_larger'
      else 'claim'
    end as rise_outcome
  from risen
  join sizes using (market, currency, msku)
  left join neighbours using (market, currency, msku)),
rise_charges as (
  select
    levels.*,
    case when rise_outcome = 'claim' and date >= unknown_since then 'rates_changed' else rise_outcome end as rise_outcome,
    -- a known rise of the rates is allowed, rounded up to the smallest coin
    low_fee * case when date >= known_since then 100 + known_rise else 100 end as fair_cents,
    case currency when 'JPY' then ceil(fair_cents / 100) else ceil(fair_cents) / 100 end::decimal(38, 6) as fair_fee,
    'rise' as ground,
    low_price
  from levels
  join judged_rises using (market, currency, msku)
  where levels.rises_so_far = 1 and levels.falls_so_far = 0
    or levels.is_rise),
last_rates as (
  select market, currency, max(changed_on) as last_change
  from rate_days
  where at_most is null and changed_on <= $as_of
  group by market, currency),
preview_charges as (
  -- the preview bears no date: it speaks of charges since the last day of new rates, and only while the fee is unchanged
  select
    levels.*,
    case
      when previewed_others >= 3 and agreeing_products * 2 < previewed_others then 'preview_unproven'
      when fits_preview = false then 'measured_larger'
      else 'claim'
    end as preview_outcome,
    preview_fee::decimal(38, 6) as fair_fee,
    'preview' as ground,
    preview_price as low_price
  from levels
  join histories using (market, currency, msku)
  join previewed using (market, currency, msku)
  join preview_proofs using (market, currency)
  join sizes using (market, currency, msku)
  left join last_rates using (market, currency)
  where levels.level = histories.last_level
    and levels.date > coalesce(last_change + 7, date '0001-01-01')
    and levels.fee * 100 > preview_fee * (100 + $least_rise)
    and histories.latest_fee * 100 > preview_fee * (100 + $least_rise)),
wrong as (
  select * rename (rise_outcome as ground_outcome)
  from rise_charges
  union all by name
  select * rename (preview_outcome as ground_outcome)
  from preview_charges),
chosen as (
  -- of two grounds the one that is claimed counts, and of two claims the higher fair fee
  select
    *,
    case
      when ground_outcome = 'claim' and price > low_price then 'price_higher'
      when ground_outcome = 'claim' and fee <= fair_fee then 'within_rates'
      else ground_outcome
    end as outcome
  from wrong
  qualify row_number() over (
    partition by market, currency, msku, order_id, item_code, date
    order by (outcome = 'claim') desc, fair_fee desc, ground) = 1),
monthly as (
  select
    market,
    currency,
    msku,
    date_trunc('month', date)::date as month,
    outcome,
    mode(marketplace_name order by marketplace_name) as marketplace_name,
    min(date) as first_day,
    sum(units)::bigint as units,
    sum(fee_total)::decimal(38, 4) as charged,
    sum(fair_fee * units)::decimal(38, 4) as fair,
    bool_or(ground = 'rise') as by_rise,
    bool_or(ground = 'preview') as by_preview,
    flatten(list([{'role': 'charged', 'row_id': fee_row, 'units': null::bigint} for fee_row in fee_rows] order by date, fee_rows[1])) as charged_rows
  from chosen
  group by all),
credit_sums as (
  -- the reports repeat each other, so the one that shows the most counts
  select
    monthly.market,
    monthly.currency,
    monthly.msku,
    credits.source,
    sum(credits.amount) as credited,
    list({'role': 'given_back', 'row_id': credits.row_id, 'units': null::bigint} order by credits.date, credits.row_id) as credit_rows
  from (select market, currency, msku, min(first_day) as since from monthly where outcome = 'claim' group by all) as monthly
  join fee_credits as credits on credits.msku = monthly.msku and upper(credits.currency) = monthly.currency and credits.date >= since
  group by monthly.market, monthly.currency, monthly.msku, credits.source
  qualify row_number() over (
    partition by monthly.market, monthly.currency, monthly.msku order by credited desc, credits.source) = 1),
loose_credits as (
  select upper(currency) as currency, max(date) as loose_day
  from fee_credits
  where nullif(trim(msku), '') is null
  group by all),
settled as (
  select
    monthly.*,
    charged - fair as excess,
    credited,
    credit_rows,
    coalesce(sum(charged - fair) over earlier, 0)::decimal(38, 4) as earlier_excess
  from monthly
  left join credit_sums using (market, currency, msku)
  window earlier as (
    partition by market, currency, msku, outcome order by month rows between unbounded preceding and 1 preceding)),
owing as (
  -- the oldest month first takes what was given back; of nothing given back greatest() makes 0
  select *, (excess - credited)::decimal(38, 4) as owed
  from (
    select * replace (least(excess, greatest(0, credited - earlier_excess))::decimal(38, 4) as credited)
    from settled)),
described as (
  select
    owing.* replace (case when owing.outcome = 'claim' and owed <= 0 then 'given_back' else owing.outcome end as outcome),
    histories.first_high,
    histories.low_rows,
    previewed.preview_row,
    sizes.* exclude (market, currency, msku),
    rates_compared,
    previewed_others >= 2 and agreeing_products * 2 > previewed_others as preview_compared,
    coalesce(sku_labels.fnsku, preview_fnsku) as product_fnsku,
    coalesce(preview_asin, sku_labels.asin) as product_asin,
    coalesce(sku_labels.title, preview_title) as product_title,
    loose_day,
    coalesce(loose_day >= owing.first_day, false) as loosely_credited,
    [case owing.currency when 'JPY' then amount::decimal(38, 0)::varchar else amount::decimal(38, 2)::varchar end
      for amount in [charged, fair, owing.credited, owed, excess]] as texts
  from owing
  join histories using (market, currency, msku)
  left join previewed using (market, currency, msku)
  left join preview_proofs using (market, currency)
  join sizes using (market, currency, msku)
  left join judged_rises using (market, currency, msku)
  left join sku_labels using (msku)
  left join preview_labels using (msku)
  left join loose_credits using (currency)),
trusted as (
  select
    *,
    not loosely_credited
      and (not by_rise or fits_before and rates_compared)
      and (not by_preview or fits_preview and preview_compared) as is_proven
  from described)
select
  concat_ws('|', market, currency, msku, strftime(month, '%Y-%m')) as identity,
  outcome,
  case outcome
    when 'fees_mixed' then 'the fee of this product rises and falls more than once, so none of its fees is known to be right'
    when 'too_few_charges' then 'fewer than two charges before or after the rise: one charge alone proves no rise'
    when 'rates_changed' then 'Amazon changed its rates between the last lower fee and these charges'
    when 'other_fees_rose' then 'the fees of other products rose at the same time'
    when 'measured_larger' then 'your measurements are larger than the size that Amazon recorded for the lower fee'
    when 'size_changed' then 'the size that Amazon records grew with the fee; your own measurements would show whether it is right'
    when 'preview_unproven' then 'most products are charged other fees than the fee preview says, so it shows no overcharge'
    when 'price_higher' then 'sold at a higher price than the one that the lower fee was for, and the fee may depend on the price'
    when 'within_rates' then 'no more than the new rates allow'
    when 'given_back' then format('{} {} too much, and as much was given back', texts[5], currency)
    else concat(
      format('{} charged for {} units - {} at {}', texts[1], units, texts[2],
        concat_ws(' or ',
          case when by_rise then 'the fee before ' || first_high::varchar end,
          case when by_preview then 'the fee of the fee preview' end)),
      case when credited > 0 then format(' - {} given back', texts[3]) end,
      format(' = {} {}', texts[4], currency))
  end as explanation,
  marketplace_name as marketplace,
  product_fnsku as fnsku,
  msku,
  product_asin as asin,
  product_title as title,
  concat_ws(' ', coalesce(product_asin, msku), strftime(month, '%Y-%m')) as reference_id,
  first_day as event_date,
  first_day as anchor_date,
  first_day as covers_from,
  units,
  owed::decimal(38, 4) as value_total,
  units as value_units,
  currency,
  case when is_proven then 'high' else 'review' end as confidence,
  [reason for reason in [
    case when measured_row is null
      then 'no_measurements: your own measurements of the product would show which fee is right; look at its size before you file' end,
    case when by_rise and before_row is null
      then 'size_unknown: no storage fee report shows the size that Amazon recorded before the rise' end,
    case when by_rise and not rates_compared
      then 'rates_unproven: fewer than two other products show that the rates stayed the same' end,
    case when by_preview
      then 'preview_undated: the fee preview bears no date; look whether size or packaging changed since the charges' end,
    case when by_preview and not preview_compared
      then 'preview_unproven: too few other products are charged just what the fee preview says' end,
    case when loosely_credited
      then format('fees_corrected: a fee correction without a SKU was paid up to {}; look whether it is for this product', loose_day) end]
    if reason is not null] as reasons,
  ['settlements_v2'] as relies_on,
  list_concat(
    charged_rows,
    case when by_rise then low_rows[:3] end,
    [proof for proof in [
      {'role': 'preview', 'row_id': preview_row, 'units': null::bigint},
      {'role': 'measured', 'row_id': measured_row, 'units': null::bigint},
      {'role': 'size_before', 'row_id': case when by_rise then before_row end, 'units': null::bigint},
      {'role': 'size_after', 'row_id': case when by_rise then after_row end, 'units': null::bigint}]
      if proof.row_id is not null],
    case when credited > 0 then credit_rows end) as evidence
from trusted
