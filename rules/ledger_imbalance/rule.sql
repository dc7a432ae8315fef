/*
title = "Ledger balance does not close"
what = "Units that a period of the ledger summary began with or received and that its ending balance lacks, though no event says where they went."
why = "The summary counts every movement; stock that is missing at the end without a movement was lost in Amazon's custody."
leaves_out = [
  "Balances that close, with outflows printed as negative or as positive numbers.",
  "Surpluses, and deficits that an opposite imbalance of the product offsets within 30 days, in any condition.",
  "Units that the detailed ledger reports as lost or damaged in the period: the rules for those judge them.",
  "Units that a late row of the detailed ledger explains within 30 days, or a payment that no other loss uses.",
  "Days, weeks or buildings that a longer period or the whole country already counts; periods that are not over.",
]
source = "https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN"
window = "fc_lost_damaged"
basis = "cost"
reads = ["ledger_summaries", "ledger", "reimbursements", "costs"]
inputs = ["imbalances", "offsets"]
plus = ["unaccounted"]
minus = ["opposite_imbalance", "loss_in_ledger", "late_event", "paid"]

[[requires]]
table = "ledger"
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
with named as (
  select
    *,
    case
      when first_day = last_day then strftime(first_day, '%Y-%m-%d')
      when day(first_day) = 1 and last_day = last_day(first_day) then strftime(first_day, '%Y-%m')
      else concat(strftime(first_day, '%Y-%m-%d'), '..', strftime(last_day, '%Y-%m-%d'))
    end as period_name
  from imbalances),
explanations as (
  select
    demand_row,
    sum(units) as explained_units,
    list({'role': kind, 'row_id': supply_row, 'units': units::bigint} order by kind, date, supply_row) as explaining_rows
  from offsets
  group by demand_row),
totals as (
  select demand_row, kind, sum(units) as kind_units, max(date) as last_date
  from offsets
  group by demand_row, kind),
judged as (
  select
    named.*,
    units - coalesce(explained_units, 0) as open_units,
    list_concat(summary_rows, explaining_rows) as evidence
  from named
  left join explanations on explanations.demand_row = named.row_id),
outcomes as (
  select 'claim' as outcome, null as explanation, open_units as outcome_units, *
  from judged
  where state = 'kept' and open_units > 0
  union all
  select
    kind,
    format(
      case kind
        when 'paid' then '{} of {} units are explained by a payment, the last on {}'
        when 'loss_in_ledger' then '{} of {} units are lost or damaged in the detailed ledger and judged there, the last on {}'
        when 'late_event' then '{} of {} units are explained by a later row of the detailed ledger, the last on {}'
        else '{} of {} units are offset by an opposite imbalance of the product, the last on {}'
      end, kind_units, judged.units, last_date),
    kind_units,
    judged.*
  from totals
  join judged on judged.row_id = totals.demand_row
  union all
  select
    case
      when state = 'not_over' then 'period_not_over'
      when state = 'overlapped' then 'counted_in_another_period'
      when units < 0 then 'surplus'
      else 'balance_closes'
    end,
    case
      when state = 'not_over' then 'the period ends after the day of the audit'
      when state = 'overlapped' then 'a longer period or the whole country is exported too and counts these days'
      when units < 0 then format('the period ends with {} units more than its movements explain', -units)
      else 'the unknown events leave no unit missing'
    end,
    abs(units),
    *
  from judged
  where state <> 'kept' or units <= 0)
select
  concat_ws('|', fnsku, disposition_code, country, first_day, last_day) as identity,
  outcome,
  explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  concat_ws(' ', fnsku, disposition_code, period_name) as reference_id,
  last_day as event_date,
  last_day as anchor_date,
  first_day as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  [reason for reason in [
    'no_event: the books do not say what happened to these units; ask Amazon before you claim a loss',
    case when last_day + 30 > $as_of::date then format('may_still_be_explained: an event up to {} may still explain the imbalance', last_day + 30) end,
    case when not seen_later then 'no_later_period: no later period of this product is exported, so a correction would not be seen' end,
    case when disposition_code <> 'SELLABLE' then 'unsellable_stock: these units were unsellable; Amazon pays such units at a reduced rate' end]
    if reason is not null] as reasons,
  ['ledger', 'reimbursements'] as relies_on,
  evidence
from outcomes
