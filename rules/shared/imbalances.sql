/*
table = "imbalances"
what = "Periods of the ledger summary whose balances do not close: units missing (positive) or too many (negative)."

A file prints outflows as negative numbers, or as positive ones; the sign that most of its rows print is the file's,
and the convention that closes more of its rows decides only between equals. Goods in transit are not part of the balance. Buildings of a country are
added up, and of rows that overlap in time those of the longest period count, because a day may be balanced by the next.
Source: https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN
*/
with movements as (
  select
    *,
    row_id // 4294967296 as export_index,
    upper(replace(trim(coalesce(disposition, '')), ' ', '_')) as disposition_code,
    coalesce(period_end, date) as last_day,
    coalesce(starting_balance, 0) + coalesce(receipts, 0) + coalesce(customer_returns, 0) + coalesce(warehouse_transfers, 0)
      + coalesce(found, 0) + coalesce(other_events, 0) as inflow,
    coalesce(customer_shipments, 0) + coalesce(vendor_returns, 0) + coalesce(lost, 0) + coalesce(damaged, 0)
      + coalesce(disposed, 0) as outflow,
    coalesce(ending_balance, 0) as ending,
    coalesce(unknown_events, 0) as unknown_units
  from ledger_summaries),
conventions as (
  select
    export_index,
    count(*) filter (inflow + outflow + unknown_units = ending) as closes_signed,
    count(*) filter (inflow - outflow + unknown_units = ending) as closes_positive,
    count(*) filter (outflow < 0) as printed_negative,
    count(*) filter (outflow > 0) as printed_positive
  from movements
  group by export_index),
signs as (
  select
    export_index,
    case
      when printed_negative > printed_positive then 1
      when printed_negative < printed_positive then -1
      when closes_signed >= closes_positive then 1
      else -1
    end as outflow_sign
  from conventions),
buildings as (
  select fulfillment_center, mode(country order by country) as building_country
  from ledger
  group by fulfillment_center),
located as (
  select
    movements.*,
    inflow + outflow * outflow_sign - ending as row_units,
    -- what the summary itself says was lost or damaged; damage may stand under other events
    abs(coalesce(lost, 0)) + abs(coalesce(damaged, 0)) + greatest(-other_events, 0) as stated_losses,
    length(trim(location)) <> 2 as of_building,
    case when length(trim(location)) = 2 then upper(trim(location)) else building_country end as country
  from movements
  join signs on signs.export_index = movements.export_index
  left join buildings on buildings.fulfillment_center = movements.location
  -- a blank store is all stores together
  qualify rank() over (
    partition by fnsku, disposition_code, location, date, last_day
    order by store is not null) = 1),
periods as (
  select
    fnsku,
    disposition_code,
    country,
    coalesce(of_building, false) as of_building,
    date as first_day,
    last_day,
    min(row_id) as row_id,
    min(msku) as msku,
    min(asin) as asin,
    max(title) as title,
    sum(row_units)::bigint as units,
    sum(unknown_units)::bigint as unknown_units,
    sum(stated_losses)::bigint as stated_losses,
    list({'role': 'unaccounted', 'row_id': row_id, 'units': row_units::bigint} order by row_id) filter (row_units <> 0) as summary_rows
  from located
  group by fnsku, disposition_code, country, coalesce(of_building, false), date, last_day),
overlapped as (
  select narrow.row_id
  from periods as narrow
  join periods as wide
    on wide.fnsku = narrow.fnsku and wide.disposition_code = narrow.disposition_code
    and (wide.country = narrow.country or wide.country is null or narrow.country is null)
    and wide.first_day <= narrow.last_day and wide.last_day >= narrow.first_day
  where (wide.of_building, narrow.last_day - narrow.first_day, wide.first_day, wide.country is null)
    < (narrow.of_building, wide.last_day - wide.first_day, narrow.first_day, narrow.country is null))
select
  periods.*,
  case
    when last_day > $as_of::date then 'not_over'
    when row_id in (select row_id from overlapped) then 'overlapped'
    else 'kept'
  end as state,
  exists (select later.row_id from periods as later where later.fnsku = periods.fnsku and later.first_day > periods.last_day) as seen_later
from periods
where units <> 0 or unknown_units <> 0
