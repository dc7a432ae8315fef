/*
table = "product_sizes"
what = "The size of a product as the seller measured it, and as Amazon records it: three sides in centimetres, the longest first, and the weight in grams."

`source` is `measured` (the seller's own file), `preview` (the fee preview) or `stored` (the monthly storage fees, whose
month is `month`). Amazon's reports round, so these sizes are approximate: compare them with a tolerance. A size with an
unknown or impossible part, or in a unit that nobody knows, is left out; so are measurements of one SKU that contradict
each other.
*/
with stated as (
  select
    'measured' as source,
    msku,
    null::varchar as fnsku,
    null::date as month,
    [longest_side, median_side, shortest_side] as sides,
    unit_of_dimension,
    weight,
    unit_of_weight,
    row_id
  from measurements
  union all
  select 'preview', msku, fnsku, null, [longest_side, median_side, shortest_side], unit_of_dimension, weight, unit_of_weight, row_id
  from fee_previews
  union all
  select 'stored', msku, fnsku, date, [longest_side, median_side, shortest_side], unit_of_dimension, weight, unit_of_weight, row_id
  from storage_fees),
converted as (
  select
    source,
    msku,
    fnsku,
    month,
    list_sort([(side * lengths.factor)::double for side in sides], 'desc') as sides_cm,
    (weight * weights.factor)::double as grams,
    row_id
  from stated
  join size_units as lengths on lengths.kind = 'length' and lengths.unit = lower(trim(unit_of_dimension))
  join size_units as weights on weights.kind = 'weight' and weights.unit = lower(trim(unit_of_weight))
  where len([side for side in sides if side > 0]) = 3 and weight > 0)
select
  source,
  msku,
  fnsku,
  month,
  sides_cm[1] as longest,
  sides_cm[2] as median,
  sides_cm[3] as shortest,
  grams,
  sides_cm[1] * sides_cm[2] * sides_cm[3] as cubic_cm,
  row_id
from converted
qualify source <> 'measured'
  or min(sides_cm) over (partition by source, msku) = max(sides_cm) over (partition by source, msku)
  and min(grams) over (partition by source, msku) = max(grams) over (partition by source, msku)
  and row_number() over (partition by source, msku order by row_id) = 1
