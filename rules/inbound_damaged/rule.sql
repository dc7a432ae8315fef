/*
title = "Received as damaged"
what = "Units of a shipment that the ledger receives as damaged by a carrier or in the fulfilment centre, less deductions, and that were neither corrected nor paid for."
why = "Amazon pays for units that its partnered carrier or its own staff damages on the way in or at receiving."
leaves_out = [
  "Units damaged by the distributor or by a customer, defective or expired: not Amazon's fault.",
  "Units deducted again, or moved back to sellable stock.",
  "Units paid for as damaged inbound, the oldest receipt first. A payment for lost inbound units pays for no damage.",
  "Units that the ledger reports as damaged once more: the rule for warehouse damage judges them.",
]
source = "https://sellercentral-europe.amazon.com/gp/help/external/help.html?itemID=EYPWTSQRTXXXMVB&language=en_GB"
window = "inbound"
basis = "cost"
payment_family = "inbound_damaged"
reads = ["ledger", "reimbursements", "costs"]
inputs = ["damaged_receipts", "offsets", "payments", "settlements", "inbound_problems"]
plus = ["received_damaged"]
minus = ["corrected", "damaged_again", "paid"]

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
with explained as (
  select
    demand_row,
    case kind when 'paid_damaged' then 'paid' else kind end as role,
    supply_row,
    sum(units) as units,
    date as last_date
  from offsets
  group by demand_row, kind, supply_row, date),
explanations as (
  select
    demand_row,
    sum(units) as explained_units,
    list({'role': role, 'row_id': supply_row, 'units': units::bigint} order by role, last_date, supply_row) as explaining_rows
  from explained
  group by demand_row),
totals as (
  select demand_row, role, sum(units) as role_units, max(last_date) as last_date
  from explained
  group by demand_row, role),
problems as (
  select
    damaged_receipts.row_id as problem_receipt,
    string_agg(distinct problem_type, ', ' order by problem_type) as problem_types,
    list({'role': 'inbound_problem', 'row_id': inbound_problems.row_id, 'units': null::bigint} order by inbound_problems.row_id) as problem_rows
  from inbound_problems
  join damaged_receipts
    on damaged_receipts.shipment_id = inbound_problems.shipment_id
    and coalesce(inbound_problems.fnsku, inbound_problems.msku) in (damaged_receipts.fnsku, damaged_receipts.msku)
  group by damaged_receipts.row_id),
unused_payments as (
  -- damage at receiving may have been paid under the name of damage in the warehouse
  select coalesce(fnsku, msku) as paid_product
  from payments
  where family = 'damaged'
    and order_id is null
    and units > 0
    and row_id not in (select settling_row from settlements)),
judged as (
  select
    damaged_receipts.*,
    units - coalesce(explained_units, 0) as open_units,
    problem_types,
    product in (select paid_product from unused_payments) as other_payment,
    list_concat(receipt_rows, explaining_rows, problem_rows) as evidence
  from damaged_receipts
  left join explanations on explanations.demand_row = damaged_receipts.row_id
  left join problems on problem_receipt = damaged_receipts.row_id),
outcomes as (
  select 'claim' as outcome, null as explanation, open_units as outcome_units, *
  from judged
  where fault = 'amazon' and open_units > 0
  union all
  select
    role,
    format(
      case role
        when 'paid' then '{} of {} units were paid for as damaged inbound, the last on {}'
        when 'corrected' then '{} of {} units were moved back to sellable stock, the last on {}'
        else '{} of {} units are reported as damaged in the warehouse and judged there, the last on {}'
      end, role_units, judged.units, last_date),
    role_units,
    judged.*
  from totals
  join judged on judged.row_id = totals.demand_row
  union all
  select
    'deducted',
    format('{} of {} units were deducted again', least(received_units, received_units - units), received_units),
    least(received_units, received_units - units),
    *
  from judged
  where fault = 'amazon' and received_units > units
  union all
  select
    case fault when 'seller' then 'not_amazons_fault' else 'unknown_disposition' end,
    format('received as {}', dispositions),
    units,
    *
  from judged
  where fault <> 'amazon' and units > 0)
select
  concat_ws('|', shipment_id, product) as identity,
  outcome,
  explanation,
  country as marketplace,
  fnsku,
  msku,
  asin,
  title,
  shipment_id as reference_id,
  date as event_date,
  first_receipt as anchor_date,
  first_receipt as covers_from,
  outcome_units::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  [reason for reason in [
    case
      when by_carrier then 'which_carrier: Amazon pays for damage on the way only when its partnered carrier brought the shipment'
      else 'check_packaging: Amazon refuses units that were not prepared and packed as it requires'
    end,
    case when problem_types is not null then format('inbound_problem: Amazon reported a problem with this product in this shipment ({})', problem_types) end,
    case when other_payment then 'other_payment: a payment for warehouse damage of this product belongs to no known damage; it may be for these units' end]
    if reason is not null] as reasons,
  ['ledger', 'reimbursements'] as relies_on,
  evidence
from outcomes
