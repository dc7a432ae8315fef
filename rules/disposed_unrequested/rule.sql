/*
title = "Disposed of without a request"
what = "Sellable units that the ledger reports as disposed of or donated (reason D or G) and that no disposal order of the product explains."
why = "Amazon keeps sellable units for the seller; it may dispose of them only at the seller's request or under its own rights."
leaves_out = [
  "Unsellable units: a removal setting may let Amazon dispose of them.",
  "Units that a disposal order explains which was requested before: each order explains its units once, over any number of ledger rows.",
  "Units that a payment of the product explains which no other loss uses.",
  "Days before which no removal orders were exported.",
]
source = "https://seller-forum.com/t/update-to-fba-removals-policy/2370"
window = "fc_lost_damaged"
basis = "cost"
reads = ["ledger", "removal_orders", "reimbursements", "costs"]
inputs = ["ledger", "offsets"]
plus = ["disposed"]
minus = ["disposal_order", "paid"]

[[requires]]
table = "removal_orders"
from = "covers_from"
to = "event_date"
quiet_days = 30
without = "no_finding"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with disposals as (
  select
    concat_ws('|', coalesce(fnsku, msku), reference_id, date, country) as group_key,
    -quantity as units,
    upper(trim(reason)) = 'G' as donated,
    upper(replace(trim(disposition), ' ', '_')) = 'SELLABLE' as sellable,
    *
  from ledger
  where event_type ilike 'adjustment%'
    and upper(trim(reason)) in ('D', 'G')
    and quantity < 0),
explained as (
  select group_key, kind, supply_row, offsets.date as last_date, sum(offsets.units) as units
  from offsets
  join disposals on disposals.row_id = offsets.demand_row
  group by group_key, kind, supply_row, offsets.date),
explanations as (
  select
    group_key,
    sum(units) as explained_units,
    list({'role': kind, 'row_id': supply_row, 'units': units::bigint} order by kind, last_date, supply_row) as explaining_rows
  from explained
  group by group_key),
totals as (
  select group_key, kind, sum(units) as kind_units, max(last_date) as last_date
  from explained
  group by group_key, kind),
events as (
  select
    group_key,
    any_value(fnsku) as fnsku,
    min(msku) as msku,
    min(asin) as asin,
    max(title) as title,
    any_value(country) as country,
    any_value(reference_id) as reference_id,
    any_value(date) as date,
    bool_or(donated) as donated,
    sum(units) as units,
    list({'role': 'disposed', 'row_id': row_id, 'units': units::bigint} order by row_id) as disposed_rows
  from disposals
  where sellable
  group by group_key),
judged as (
  select
    events.*,
    units - coalesce(explained_units, 0) as open_units,
    list_concat(disposed_rows, explaining_rows) as evidence
  from events
  left join explanations on explanations.group_key = events.group_key),
outcomes as (
  select 'claim' as outcome, null as explanation, open_units as outcome_units, *
  from judged
  where open_units > 0
  union all
  select
    case kind when 'paid' then 'paid' else 'disposal_requested' end,
    format(
      case kind
        when 'paid' then '{} of {} units are explained by a payment, the last on {}'
        else '{} of {} units were disposed of at a request, the last of {}'
      end, kind_units, judged.units, last_date),
    kind_units,
    judged.*
  from totals
  join judged on judged.group_key = totals.group_key)
select
  group_key as identity,
  outcome,
  explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  date as event_date,
  date as anchor_date,
  date - 60 as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  [case
    when donated then 'check_settings: make sure that no setting or programme of your account lets Amazon donate these units'
    else 'check_settings: make sure that no removal setting or request of yours allowed this disposal; Amazon may dispose of stock in some cases'
  end] as reasons,
  ['removal_orders', 'reimbursements'] as relies_on,
  evidence
from outcomes
union all
select
  concat_ws('|', group_key, row_id),
  'unsellable_stock',
  'the units were not sellable; the removal setting may let Amazon dispose of such units',
  country,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  date,
  date,
  date,
  units,
  null,
  null,
  null,
  'review',
  [],
  [],
  [{'role': 'disposed', 'row_id': row_id, 'units': units}]
from disposals
where sellable is not true
