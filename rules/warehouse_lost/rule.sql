/*
title = "Lost in a fulfilment centre"
what = "Units that the ledger reports as misplaced (reason M or 5) and that nothing explains: no later find, no payment."
why = "Amazon takes responsibility for units in its custody and pays for those it cannot find."
leaves_out = [
  "Units found later, in any building: they are netted per FNSKU, first in first out.",
  "Units paid for, in cash or in inventory. Payments keyed to an order and payments for damage never settle a loss.",
  "Moves that are no loss: disposition changes, product redefinitions, ownership corrections, transfers.",
  "Units of a reversed payment: taking money back does not make a unit lost a second time.",
]
source = "https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN"
window = "fc_lost_damaged"
basis = "cost"
payment_family = "lost"
auto_payment_days = 7
reads = ["ledger", "reimbursements", "costs"]
inputs = ["lot_groups", "ledger"]
plus = ["lost"]
minus = ["found", "paid", "corrected", "reconciled"]

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
with losses as (
  select
    lot_groups.*,
    case when sellable then null
      else 'unsellable_stock: these units were unsellable when they were lost; Amazon pays such units at a reduced rate' end as unsellable_reason,
    case when other_country then 'found_in_another_country: part of the units is explained by finds in another country' end as country_reason,
    case
      when open_units > history_open
        then format('counts_differ: Amazon still counts {} unreconciled, the exported rows leave {}; Amazon may have matched finds or payments to another loss', open_units, history_open)
      when open_units < history_open and has_figure
        then format('counts_differ: Amazon counts {} unreconciled, the exported rows leave {}; Amazon may have found units under another SKU', open_units, history_open)
    end as count_reason,
    case when after_figure > 0 and open_units > history_open
        then format('explained_after_export: {} units have a find or payment after the last day of the ledger export that calls them open; export the ledger again', after_figure) end as stale_reason
  from lot_groups
  where family = 'lost'),
claims as (
  select
    'claim' as outcome,
    null as explanation,
    open_units as outcome_units,
    *
  from losses
  where open_units > 0),
explained as (
  select
    explanation.outcome,
    format('{} of {} lost units, the last on {}', explanation.units, losses.units, explanation.last_date) as explanation,
    explanation.units as outcome_units,
    losses.*
  from losses, unnest(losses.outcomes) as unpacked (explanation)),
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
  case when stale_reason is null then 'high' else 'review' end as confidence,
  [reason for reason in [stale_reason, count_reason, country_reason, unsellable_reason] if reason is not null] as reasons,
  case when needs_history then ['ledger', 'reimbursements'] else [] end as relies_on,
  evidence
from judged
union all
select
  concat_ws('|', fnsku, msku, reference_id, date, country, row_id),
  case upper(trim(reason))
    when 'O' then 'ownership_correction'
    when '4' then 'product_redefinition'
    when 'Q' then 'disposition_change'
    when 'D' then 'disposed'
    when 'G' then 'donated'
    when '2' then 'software_correction'
    else 'unknown_reason_code'
  end,
  format('reason code {} is no loss', coalesce(reason, '(blank)')) ||
    case upper(trim(reason))
      when '4' then '; a redefinition without its other side is judged by redefinition_unpaired'
      when 'D' then '; a disposal that nobody asked for is judged by disposed_unrequested'
      when 'G' then '; a donation that nobody asked for is judged by disposed_unrequested'
      else ''
    end,
  country,
  fnsku,
  msku,
  asin,
  title,
  reference_id,
  date,
  date,
  date,
  -quantity,
  null,
  null,
  null,
  'high',
  [],
  [],
  []
from ledger
where event_type ilike 'adjustment%'
  and quantity < 0
  and upper(trim(coalesce(reason, ''))) not in ('M', '5', 'E', '6', '7', 'H', 'K', 'U')
