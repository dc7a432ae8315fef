/*
title = "Moved to another SKU, but never arrived"
what = "Units that the ledger transfers out as another product (reason 4) and for which no transfer in (reason 3) of the same quantity stands within 7 days."
why = "A redefinition moves units from one SKU to another; units that leave one and reach none are gone while in Amazon's custody."
leaves_out = [
  "Transfers out with a transfer in of the same quantity within 7 days before or after, on any FNSKU: each transfer in explains one transfer out.",
  "Transfers of one item that add up to the same quantity over several rows.",
  "Transfers out of the last 7 days: the other side may still come.",
  "Units that a payment of the product explains which no other loss uses.",
]
source = "https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN"
window = "fc_lost_damaged"
basis = "cost"
reads = ["ledger", "reimbursements", "costs"]
inputs = ["ledger", "offsets"]
plus = ["redefined_out"]
minus = ["redefined_in", "paid"]

[[requires]]
table = "ledger"
part = "Adjustments"
from = "covers_from"
to = "as_of"
without = "review"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with transfers as (
  select
    concat_ws('|', coalesce(fnsku, msku), reference_id, date, country) as group_key,
    -quantity as units,
    upper(replace(trim(disposition), ' ', '_')) = 'SELLABLE' as sellable,
    *
  from ledger
  where event_type ilike 'adjustment%'
    and upper(trim(reason)) = '4'
    and quantity < 0),
paid as (
  select demand_row as paid_row, sum(units) as paid_units
  from offsets
  where kind = 'paid'
  group by demand_row),
parts as (
  select
    offsets.*,
    sum(offsets.units) over (partition by demand_row) + coalesce(paid_units, 0) = transfers.units
      and bool_and(arrival.quantity = supply_used) over (partition by demand_row) as adds_up
  from (
    select *, sum(units) over (partition by supply_row) as supply_used
    from offsets
    where kind = 'redefined_in_parts') as offsets
  join transfers on transfers.row_id = offsets.demand_row
  join ledger as arrival on arrival.row_id = offsets.supply_row
  left join paid on paid_row = transfers.row_id),
explained as (
  select demand_row, supply_row, 'redefined_in' as role, 'redefined' as outcome, units, date
  from offsets
  where kind = 'redefined'
  union all
  select demand_row, supply_row, 'redefined_in', 'redefined', units, date
  from parts
  where adds_up
  union all
  select demand_row, supply_row, 'paid', 'paid', units, date
  from offsets
  where kind = 'paid'),
explaining as (
  select group_key, role, outcome, supply_row, explained.date, sum(explained.units) as units
  from explained
  join transfers on transfers.row_id = explained.demand_row
  group by group_key, role, outcome, supply_row, explained.date),
explanations as (
  select
    group_key,
    sum(units) as explained_units,
    list({'role': role, 'row_id': supply_row, 'units': units::bigint} order by role desc, date, supply_row) as explaining_rows
  from explaining
  group by group_key),
totals as (
  select group_key, outcome, sum(units) as outcome_units, max(date) as last_date
  from explaining
  group by group_key, outcome),
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
    bool_and(sellable) as sellable,
    sum(units) as units,
    sum(part_units) as part_units,
    list({'role': 'redefined_out', 'row_id': row_id, 'units': units::bigint} order by row_id) as transfer_rows
  from transfers
  left join (
    select demand_row, sum(units) as part_units
    from parts
    where not adds_up
    group by demand_row) as partly on partly.demand_row = transfers.row_id
  group by group_key),
judged as (
  select
    events.*,
    units - coalesce(explained_units, 0) as open_units,
    list_concat(transfer_rows, explaining_rows) as evidence
  from events
  left join explanations on explanations.group_key = events.group_key),
outcomes as (
  select
    case when date + 7 > $as_of::date then 'other_side_may_come' else 'claim' end as outcome,
    case when outcome <> 'claim' then 'the seven days in which the transfer in may be booked are not over' end as explanation,
    open_units as outcome_units,
    *
  from judged
  where open_units > 0
  union all
  select
    totals.outcome,
    format(
      case totals.outcome
        when 'paid' then '{} of {} units are explained by a payment, the last on {}'
        else '{} of {} units arrived as another product, the last on {}'
      end, totals.outcome_units, judged.units, last_date),
    totals.outcome_units,
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
  date - 7 as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  [reason for reason in [
    'check_other_sku: look whether the stock of another SKU of this product rose without a ledger row',
    case when part_units is not null then format('part_arrived: {} of these units may have arrived within 7 days, in a row of another quantity', part_units) end,
    case when not sellable then 'unsellable_stock: these units were unsellable when they were moved; Amazon pays such units at a reduced rate' end]
    if reason is not null] as reasons,
  ['ledger', 'reimbursements'] as relies_on,
  evidence
from outcomes
