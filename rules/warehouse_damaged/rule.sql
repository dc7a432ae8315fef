/*
title = "Damaged in a fulfilment centre"
what = "Units that the ledger reports as damaged at the fulfilment centre (E out of sellable stock; 6 7 H K U out of stock that was unsellable already) and that nothing explains."
why = "Amazon takes responsibility for damage in its buildings and pays for the units."
leaves_out = [
  "Units inspected and put back into sellable stock within 30 days: the disposition was corrected.",
  "Units paid for, in cash or in inventory. Payments keyed to an order and payments for losses never settle damage.",
  "The P row beside a damage: the same units arriving in another disposition, neither loss nor gain.",
]
source = "https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN"
window = "fc_lost_damaged"
basis = "cost"
payment_family = "damaged"
auto_payment_days = 7
reads = ["ledger", "reimbursements", "costs"]
inputs = ["lot_groups"]
plus = ["damaged"]
minus = ["corrected", "paid", "reconciled"]

[[requires]]
table = "ledger"
part = "Adjustments"
from = "event_date"
to = "as_of"
without = "review"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with damages as (
  select
    lot_groups.*,
    case when unsellable
        then 'unsellable_before: the units were unsellable before this damage; Amazon pays a reduced rate that it does not publish' end as unsellable_reason,
    case
      when open_units > history_open
        then format('counts_differ: Amazon still counts {} unreconciled, the exported rows leave {}; Amazon may have matched corrections or payments to another damage', open_units, history_open)
      when open_units < history_open and has_figure
        then format('counts_differ: Amazon counts {} unreconciled, the exported rows leave {}; Amazon may have corrected units that the exports do not show', open_units, history_open)
    end as count_reason,
    case when after_figure > 0 and open_units > history_open
        then format('explained_after_export: {} units have a correction or payment after the last day of the ledger export that calls them open; export the ledger again', after_figure) end as stale_reason
  from lot_groups
  where family = 'damaged'),
claims as (
  select
    'claim' as outcome,
    null as explanation,
    open_units as outcome_units,
    *
  from damages
  where open_units > 0),
explained as (
  select
    explanation.outcome,
    format('{} of {} damaged units, the last on {}', explanation.units, damages.units, explanation.last_date) as explanation,
    explanation.units as outcome_units,
    damages.*
  from damages, unnest(damages.outcomes) as unpacked (explanation)),
judged as (
  select * from claims
  union all
  select * from explained)
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
  date as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  case when stale_reason is null and unsellable_reason is null then 'high' else 'review' end as confidence,
  [reason for reason in [unsellable_reason, stale_reason, count_reason] if reason is not null] as reasons,
  case when needs_history then ['ledger', 'reimbursements'] else [] end as relies_on,
  evidence
from judged
