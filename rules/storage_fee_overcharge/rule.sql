/*
title = "Storage fee too high"
what = "Monthly storage fees of a product above what the report's own volume, units and rate give, or above what your own measurements give, rows that are charged twice, and aged inventory surcharges on too many units or above their rate."
why = "Amazon charges storage by the volume of a product, the units that lie in store and the rate of the month, and the surcharge only on units that are old enough. The reports state all of these, so they can be multiplied again."
leaves_out = [
  "Rows in which volume, units, rate or fee is blank.",
  "Differences that come from the rounding of the report.",
  "Reports whose own figures do not give the fees of most of their rows: then the fee follows another rule.",
  "Files that hold most of their rows twice: the file repeats them, not Amazon.",
  "Measurements that are smaller by no more than a tenth.",
  "The rates themselves: no export shows whether a rate is the right one.",
  "The lowest surcharge per unit on stock older than a year, which no export states.",
  "The age of units that no inventory planning report of the same day shows.",
]
source = "https://sellercentral.amazon.fr/gp/help/external/help.html?itemID=GL7U4JFSDXUTQAJ&language=en_FR"
window = "fee_weight_dims"
basis = "stated"
value_basis = "overcharge"
reads = [["storage_fees", "aged_surcharges"]]
inputs = ["storage_charges", "aged_surcharges", "inventory_planning", "product_sizes", "size_units", "products", "marketplace_names", "fee_credits"]
options = { least_difference = 10 }
*/
with labels as (
  select
    fnsku,
    case when count(msku) = 1 then any_value(msku) end as label_msku,
    min(asin) as label_asin,
    max(title) as label_title
  from products
  group by fnsku),
measured as (
  select
    storage_charges.*,
    coalesce(storage_charges.msku, label_msku) as product_msku,
    coalesce(storage_charges.asin, label_asin) as product_asin,
    coalesce(storage_charges.title, label_title) as product_title,
    coalesce(known.marketplace, country) as market,
    product_sizes.row_id as measured_row,
    -- a measured volume counts only where it is smaller by more than the allowed share
    case
      when product_sizes.cubic_cm * (100 + $least_difference) < item_volume::double * cubic_cm_each::double * 100
        then (product_sizes.cubic_cm / cubic_cm_each::double)::decimal(26, 8)
    end as measured_volume
  from storage_charges
  left join labels using (fnsku)
  left join product_sizes
    on product_sizes.source = 'measured' and product_sizes.msku = coalesce(storage_charges.msku, label_msku)
  left join marketplace_names as known on known.name = country),
proofs as (
  -- the figures must give the fees of a fair share of the rows, else the report counts otherwise
  select
    country,
    currency,
    count(*) as all_rows,
    count_if(fee::double between due::double * 0.95 - 0.01 and highest_fee) as right_rows
  from measured
  group by country, currency),
compared as (
  select
    measured.*,
    fee::double > highest_fee as is_above_figures,
    measured_volume is not null as is_above_measured,
    copy > 1 as is_copy,
    case
      when copy > 1 then 0
      when measured_volume is not null
        then measured_volume * quantity * rate + surcharge * measured_volume / item_volume
      else due
    end::decimal(18, 6) as fair,
    right_rows * 5 >= all_rows or all_rows < 5 and fee <= due * 3 as is_reproduced
  from measured
  join proofs using (country, currency)),
wrong as (
  select
    *,
    case
      when is_copy and repeats_itself then 'file_repeats'
      when not is_copy and not is_reproduced then 'figures_unproven'
      when fee <= fair then 'as_computed'
      else 'claim'
    end as outcome
  from compared
  where is_above_figures or is_above_measured or is_copy),
months as (
  select
    'storage' as kind,
    market,
    currency,
    fnsku,
    month,
    strftime(month, '%Y-%m') as period,
    outcome,
    coalesce(min(charge_day), max(month_end) + 1) as day,
    min(charge_day) is null as is_day_assumed,
    max(product_msku) as msku,
    max(product_asin) as asin,
    max(product_title) as title,
    1::bigint as units,
    sum(fee) as charged,
    sum(fair) as fair,
    bool_or(is_above_measured) as by_measurements,
    bool_or(is_copy) as by_copies,
    bool_or(is_above_figures) as by_figures,
    false as by_age,
    list({'role': 'charged', 'row_id': row_id, 'units': null::bigint} order by row_id) as charged_rows,
    list(distinct measured_row) filter (is_above_measured) as proof_rows
  from wrong
  group by market, currency, fnsku, month, outcome),
ages as (
  select
    aged_surcharges.row_id,
    date,
    nullif(trim(aged_surcharges.fnsku), '') as fnsku,
    aged_surcharges.msku,
    aged_surcharges.asin,
    aged_surcharges.title,
    aged_surcharges.condition,
    country,
    upper(trim(aged_surcharges.currency)) as currency,
    age_tier,
    quantity,
    try_cast(amount as decimal(18, 6)) as amount,
    try_cast(per_unit_volume as decimal(14, 8))::decimal(26, 8) as volume,
    try_cast(rate as decimal(11, 4)) as rate,
    factor,
    try_cast(regexp_extract(age_tier, '[0-9]{2,3}') as integer) as tier_from,
    -- an open tier (365+) names one number; stock older than a year also has a lowest fee per unit
    try_cast(nullif(regexp_extract(age_tier, '[0-9]{2,3}[^0-9]+([0-9]{2,3})', 1), '') as integer) as tier_to
  from aged_surcharges
  left join size_units on size_units.kind = 'volume' and size_units.unit = lower(trim(aged_surcharges.unit_of_volume))
  where date <= $as_of and quantity > 0 and amount > 0 and nullif(trim(aged_surcharges.currency), '') is not null),
bands as (
  select
    date as planning_day,
    coalesce(known.marketplace, inventory_planning.marketplace) as planning_market,
    fnsku as planning_fnsku,
    -- units of unknown age are counted as old, so that none is called too young that may not be
    available + unfulfillable_quantity + reserved_quantity + coalesce(pending_removal, 0) as all_units,
    age_0_90 + age_91_180 as young_180,
    row_id as planning_row
  from inventory_planning
  left join marketplace_names as known on known.name = inventory_planning.marketplace),
planned as (
  select
    planning_day,
    planning_market,
    planning_fnsku,
    sum(all_units) as all_units,
    sum(young_180) as young_180,
    count(*) = count(all_units) and count(*) = count(young_180) as is_known,
    list(planning_row) as planning_rows
  from bands
  group by planning_day, planning_market, planning_fnsku),
aged as (
  select
    ages.*,
    coalesce(known.marketplace, country) as market,
    planning_rows,
    (volume * quantity * rate)::decimal(18, 6) as due,
    (volume::double + case when factor > 100000 then 0.00005 when factor > 1000 then 0.0005 else 0.5 end)
      * quantity * rate::double + 0.005 as highest_amount,
    case when is_known and tier_from >= 181 then greatest(0, all_units - young_180) end as old_units,
    sum(quantity) over (partition by date, ages.fnsku, country) as charged_units
  from ages
  left join marketplace_names as known on known.name = country
  left join planned
    on planning_day = date and planning_fnsku = ages.fnsku and planning_market = coalesce(known.marketplace, country)
  where ages.fnsku is not null),
aged_proofs as (
  select
    country,
    currency,
    count(*) as all_rows,
    count_if(amount::double between due::double * 0.95 - 0.01 and highest_amount) as right_rows
  from aged
  where tier_to <= 365 and due > 0
  group by country, currency),
aged_wrong as (
  select
    aged.*,
    tier_to <= 365 and due > 0 and amount::double > highest_amount as is_above_rate,
    coalesce(charged_units > old_units, false) as is_too_young,
    -- the units that are too young are taken from each tier in proportion
    case when charged_units > old_units then (amount * old_units / charged_units)::decimal(18, 6) end as fair_by_age,
    right_rows * 5 >= all_rows or all_rows < 5 and amount <= due * 3 as is_reproduced
  from aged
  left join aged_proofs using (country, currency)),
aged_judged as (
  select
    *,
    least(fair_by_age, case when is_above_rate then due end) as fair,
    case when not is_reproduced and not is_too_young then 'figures_unproven' else 'claim' end as outcome
  from aged_wrong
  where is_above_rate or is_too_young),
surcharges as (
  select
    'aged' as kind,
    market,
    currency,
    fnsku,
    date_trunc('month', date)::date as month,
    strftime(date, '%Y-%m') as period,
    outcome,
    min(date) as day,
    false as is_day_assumed,
    max(msku) as msku,
    max(asin) as asin,
    max(title) as title,
    sum(quantity)::bigint as units,
    sum(amount) as charged,
    sum(fair) as fair,
    false as by_measurements,
    false as by_copies,
    bool_or(is_above_rate) as by_figures,
    bool_or(is_too_young) as by_age,
    list({'role': 'surcharge', 'row_id': row_id, 'units': null::bigint} order by row_id) as charged_rows,
    list_distinct(flatten(list(planning_rows) filter (is_too_young))) as proof_rows
  from aged_judged
  group by market, currency, fnsku, month, period, outcome),
claims as (
  select * from months
  union all by name
  select * from surcharges),
rounded as (
  select
    *,
    (charged - fair)::decimal(38, 4) as owed,
    case currency when 'JPY' then 0.5 else 0.005 end as half_a_coin
  from claims),
credited as (
  -- a correction of fees may be for storage too; which fee it is for no report says
  select fnsku, rounded.currency, period, kind, max(fee_credits.date) as credit_day
  from rounded
  join fee_credits
    on upper(fee_credits.currency) = rounded.currency
    and (fee_credits.msku = rounded.msku or nullif(trim(fee_credits.msku), '') is null)
    and fee_credits.date >= rounded.day
  group by fnsku, rounded.currency, period, kind),
judged as (
  select
    rounded.* replace (case when rounded.outcome = 'claim' and owed < half_a_coin then 'rounding' else rounded.outcome end as outcome),
    credit_day,
    [case rounded.currency when 'JPY' then amount::decimal(38, 0)::varchar else amount::decimal(38, 2)::varchar end
      for amount in [charged, fair, owed]] as texts
  from rounded
  left join credited using (fnsku, currency, period, kind))
select
  concat_ws('|', kind, market, currency, fnsku, period) as identity,
  outcome,
  case outcome
    when 'file_repeats' then 'most rows of this month stand in the export twice, so the file repeats them'
    when 'figures_unproven' then 'the volume, units and rate of the report do not give the fees of its other rows, so the fee follows another rule'
    when 'as_computed' then 'the fee is not above what the figures give'
    when 'rounding' then 'less than the smallest coin'
    else format('{} charged - {} {} = {} {}', texts[1], texts[2],
      case
        when by_age then 'for the units that are old enough'
        when by_measurements then 'by your measurements'
        when not by_figures then 'for the row charged once'
        else 'by volume, units and rate'
      end, texts[3], currency)
  end as explanation,
  market as marketplace,
  fnsku,
  msku,
  asin,
  title,
  concat_ws(' ', fnsku, period) as reference_id,
  day as event_date,
  day as anchor_date,
  day as covers_from,
  units,
  owed::decimal(38, 4) as value_total,
  units as value_units,
  currency,
  'review' as confidence,
  [reason for reason in [
    case when is_day_assumed
      then 'charge_day_assumed: no settlement shows the day of this charge, so the window counts from the first day after the month' end,
    case when by_measurements
      then 'measured_smaller: by your measurements the product is smaller than Amazon records; measure it packed as it is sold' end,
    case when by_copies
      then 'charged_twice: two rows are alike in every figure; look in your payments whether both were charged' end,
    case when by_figures
      then 'recalculated: the report is an estimate; compare it with what the payments charge' end,
    case when by_age
      then 'too_young: the planning report of the same day shows fewer units of that age; look at it before you file' end,
    case when credit_day is not null
      then format('fees_corrected: a fee correction was paid up to {}; look whether it is for this charge', credit_day) end]
    if reason is not null] as reasons,
  []::varchar[] as relies_on,
  list_concat(
    charged_rows,
    [{'role': case kind when 'aged' then 'planning' else 'measured' end, 'row_id': proof_row, 'units': null::bigint}
      for proof_row in list_sort(proof_rows)]) as evidence
from judged
