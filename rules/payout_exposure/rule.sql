/*
title = "Paid for, then found"
what = "Units that Amazon paid for as lost and found afterwards, and whose payment it has not taken back: money that may be reversed."
why = "Amazon takes a payment back when the unit turns up. Nothing is owed here: it is a reserve to keep."
leaves_out = [
  "Finds that settle another loss: first in first out, and only what is left over counts.",
  "Finds before the payment, and finds that explain a reversal.",
  "Payments that were reversed, units given in inventory, and payments keyed to an order.",
]
source = "https://getidasupport.kb.help/reversalsclawbacks"
kind = "exposure"
basis = "stated"
value_basis = "paid"
reads = ["reimbursements", "ledger"]
inputs = ["cash_payments", "later_finds"]
*/
with matched as (
  select
    cash_payments.*,
    find_row,
    later_finds.units as found_units,
    later_finds.date as found_on
  from later_finds
  join cash_payments on cash_payments.row_id = later_finds.paid_row),
found as (
  select
    reimbursement_id,
    product,
    currency,
    list({'role': 'found', 'row_id': find_row, 'units': units} order by found_on, find_row) as find_rows
  from (
    select reimbursement_id, product, currency, find_row, found_on, sum(found_units)::bigint as units
    from matched
    group by reimbursement_id, product, currency, find_row, found_on) as each_find
  group by reimbursement_id, product, currency),
paid as (
  select
    reimbursement_id,
    product,
    currency,
    list({'role': 'payment', 'row_id': row_id, 'units': units} order by row_id) as payment_rows
  from (
    select reimbursement_id, product, currency, row_id, sum(found_units)::bigint as units
    from matched
    group by reimbursement_id, product, currency, row_id) as each_payment
  group by reimbursement_id, product, currency),
exposed as (
  select
    reimbursement_id,
    product,
    currency,
    min(marketplace) as marketplace,
    min(fnsku) as fnsku,
    min(msku) as msku,
    min(asin) as asin,
    min(title) as title,
    min(found_on) as found_on,
    max(digits) as digits,
    sum(found_units)::bigint as units,
    case when count(paid_per_unit) = count(*) then sum(paid_per_unit * found_units) end as paid_money
  from matched
  group by reimbursement_id, product, currency)
select
  concat_ws('|', exposed.reimbursement_id, exposed.product, exposed.currency) as identity,
  'claim' as outcome,
  case
    when paid_money is null then format('{} paid for and found later; what was paid is not known', units)
    else format('{} paid for and found later: {:.{}f} {} may be taken back', units, paid_money, digits, exposed.currency)
  end as explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  exposed.reimbursement_id as reference_id,
  found_on as event_date,
  found_on as anchor_date,
  found_on as covers_from,
  units,
  paid_money::decimal(38, 4) as value_total,
  units as value_units,
  exposed.currency,
  'review' as confidence,
  []::varchar[] as reasons,
  []::varchar[] as relies_on,
  list_concat(payment_rows, find_rows) as evidence
from exposed
join found
  on found.reimbursement_id = exposed.reimbursement_id
  and found.product = exposed.product
  and found.currency is not distinct from exposed.currency
join paid
  on paid.reimbursement_id = exposed.reimbursement_id
  and paid.product = exposed.product
  and paid.currency is not distinct from exposed.currency
