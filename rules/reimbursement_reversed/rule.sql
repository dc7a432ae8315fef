/*
title = "Reimbursement taken back"
what = "Units whose payment Amazon took back although no find, return or receipt of the product explains it, from the day of the paid loss to the as-of date."
why = "A payment is rightly taken back when the unit turned up, came back from the customer, or was paid for by mistake; where none of this shows, it is still owed."
leaves_out = [
  "Units found, corrected back to sellable, received beyond what was shipped, or returned: each explains one unit, and only if it settles no other loss.",
  "Money swapped for inventory.",
  "Payments that settled no loss although losses of the product were settled before: one payment too many.",
  "Units that Amazon's own fresh figure counts as open again: `warehouse_lost` or `warehouse_damaged` claims them.",
  "Payments for an order whose unit came back.",
  "Reversals of payments that the exports do not hold.",
]
source = "https://getidasupport.kb.help/reversalsclawbacks"
window = "reversal_dispute"
basis = "stated"
value_basis = "taken_back"
reads = ["reimbursements", "ledger", "returns"]
inputs = ["reversals", "reversal_finds", "surplus", "cash_payments"]

[[requires]]
table = "ledger"
part = "Adjustments"
from = "covers_from"
to = "as_of"
without = "no_finding"

[[requires]]
table = "returns"
from = "covers_from"
to = "as_of"
without = "no_finding"
*/
with finds as (
  select
    paid_row,
    sum(reversal_finds.units) as found_units,
    max(reversal_finds.date) as last_find,
    list({'role': surplus.kind, 'row_id': find_row, 'units': reversal_finds.units} order by reversal_finds.date, find_row) as find_rows
  from reversal_finds
  join surplus on surplus.row_id = reversal_finds.find_row
  group by paid_row),
judged as (
  select
    reversals.*,
    cash_payments.marketplace,
    found_units,
    last_find,
    needed_units - coalesce(found_units, 0) as open_units,
    case when currency = 'JPY' then 0 else 2 end as digits,
    list_concat(
      [{'role': 'reversal', 'row_id': reversals.row_id, 'units': taken_units}, {'role': 'payment', 'row_id': original_row, 'units': null::bigint}],
      case when returned_units > 0 then [{'role': 'returned', 'row_id': return_row, 'units': returned_units}] end,
      find_rows) as evidence
  from reversals
  left join finds on finds.paid_row = reversals.row_id
  left join (select row_id, marketplace from cash_payments) as cash_payments on cash_payments.row_id = reversals.original_row),
traced as (
  select *
  from judged
  where original_row is not null),
outcomes as (
  select 'no_coverage' as outcome, taken_units as outcome_units,
    format('the exports do not hold the payment {} that was taken back, so what it paid for is unknown', coalesce(original_reimbursement_id, '(not named)')) as explanation, *
  from judged
  where original_row is null
  union all
  select 'swapped_for_inventory', swapped_units, format('{} of {} units were given in inventory instead of money', swapped_units, taken_units), *
  from traced
  where swapped_units > 0
  union all
  select 'paid_in_error', in_error_units, format('{} of {} units were paid for although their loss was already settled', in_error_units, taken_units), *
  from traced
  where in_error_units > 0
  union all
  select 'loss_still_open', still_open_units, format('{} of {} units are claimed as the loss itself: Amazon still counts them as open', still_open_units, taken_units), *
  from traced
  where still_open_units > 0
  union all
  select 'returned', returned_units, format('{} of {} units came back from the customer', returned_units, taken_units), *
  from traced
  where returned_units > 0
  union all
  select 'found_later', found_units, format('{} of {} units turned up, the last on {}', found_units, taken_units, last_find), *
  from traced
  where found_units is not null
  union all
  select
    'claim',
    case when units_unclear then 1 else open_units end,
    case
      when units_unclear then format('{:.{}f} {} taken back, the units are not stated', abs(amount_total), digits, currency)
      else format('{} taken back at {:.{}f} {}, {} of them with an explanation: {} open',
        taken_units, amount_per_unit, digits, currency, taken_units - open_units, open_units)
    end,
    *
  from traced
  where open_units > 0 or units_unclear)
select
  concat_ws('|', reimbursement_id, product, original_reimbursement_id, row_number() over (
    partition by reimbursement_id, product, original_reimbursement_id, outcome order by date, taken_units, row_id)) as identity,
  outcome,
  explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  reimbursement_id as reference_id,
  date as event_date,
  date as anchor_date,
  coalesce(loss_from, paid_on - 60) as covers_from,
  outcome_units::bigint as units,
  (case when units_unclear then abs(amount_total) else amount_per_unit * open_units end)::decimal(38, 4) as value_total,
  (case when units_unclear then 1 else open_units end)::bigint as value_units,
  currency,
  'review' as confidence,
  [reason for reason in [
    case when units_unclear then 'units_unclear: the reversal does not state how many units it takes back' end,
    case when sign_unclear then 'sign_unclear: the reversal takes units but adds money' end,
    case when order_id is null and loss_from is null then 'loss_not_shown: the exports do not show the loss that was paid for' end]
    if reason is not null] as reasons,
  case when order_id is null then ['ledger'] else ['returns'] end as relies_on,
  evidence
from outcomes
