/*
title = "Paid for too few units"
what = "Units of an order that were refunded and neither came back nor were paid for, although Amazon did pay for others of the same order and SKU."
why = "A payment that names an order covers all its units that did not come back; what it leaves out may be disputed within 60 days of it."
leaves_out = [
  "Units that the claim for the missing return itself still covers: they stay there as long as its window is open.",
  "Units that came back, in whatever state.",
  "Payments that name no order: the report does not say for which loss or shipment they are.",
  "Refunds of less than half of a unit's price, refunds that were taken back, and orders that the seller shipped.",
]
source = "https://m.media-amazon.com/images/G/01/rainier/help./Redlined_FBA_Reimbursement_policy_US.pdf"
window = "valuation_dispute"
basis = "cost"
payment_family = "other"
reads = ["reimbursements", ["settlements_v2", "transactions"], "orders", "returns"]
inputs = ["refunded_units", "returned_units", "order_payments", "payments"]
plus = ["refunded"]
minus = ["returned", "paid"]

[[requires]]
table = "returns"
from = "covers_from"
to = "as_of"
without = "no_finding"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with paid as (
  select
    order_payments.order_id,
    order_payments.msku,
    mode(fnsku order by fnsku) as fnsku,
    max(order_payments.date) as last_paid,
    arg_max(reimbursement_id, (order_payments.date, reimbursement_id)) as reimbursement_id,
    sum(order_payments.units)::bigint as paid_units,
    bool_or(order_payments.units_unknown) as is_unclear,
    list({'role': 'paid', 'row_id': row_id, 'units': order_payments.units} order by order_payments.date, row_id) as paid_rows
  from order_payments
  join payments using (row_id)
  where order_payments.units > 0 or order_payments.units_unknown
  group by order_payments.order_id, order_payments.msku),
refunded as (
  select
    order_id,
    msku,
    any_value(asin) as asin,
    any_value(title) as title,
    coalesce(any_value(case when sales_channel not ilike 'non-amazon%' then sales_channel end), any_value(refund_marketplace)) as marketplace,
    mode(shipped_by order by shipped_by) as shipped_by,
    min(refund_date) as first_refund,
    sum(refunded_units)::bigint as refunded_units,
    list({'role': 'refunded', 'row_id': refund_rows[1], 'units': refunded_units} order by refund_date) filter (refunded_units > 0) as refund_rows
  from refunded_units
  where price_total is not null
  group by order_id, msku
  having sum(refunded_units) > 0),
returned as (
  select
    order_id,
    msku,
    sum(units)::bigint as returned_units,
    list({'role': 'returned', 'row_id': row_id, 'units': units} order by date, row_id) as returned_rows
  from (
    select order_id, msku, date, row_id, sum(units)::bigint as units
    from returned_units
    group by order_id, msku, date, row_id) as each_return
  group by order_id, msku),
judged as (
  select
    refunded.*,
    paid.* exclude (order_id, msku),
    coalesce(returned_units, 0) as returned_units,
    refunded_units - coalesce(returned_units, 0) - paid_units as short_units,
    case
      when shipped_by = 'MFN' then 'not_fba'
      when is_unclear then 'units_unclear'
      when short_units > 0 then 'claim'
      else 'paid'
    end as outcome,
    list_concat(refund_rows, returned_rows, paid_rows) as evidence
  from refunded
  join paid on paid.order_id = refunded.order_id and paid.msku = refunded.msku
  left join returned on returned.order_id = refunded.order_id and returned.msku = refunded.msku)
select
  concat_ws('|', order_id, msku) as identity,
  outcome,
  case outcome
    when 'not_fba' then 'the seller shipped this order'
    when 'units_unclear' then 'a payment of this order does not state its units'
    when 'paid' then format('{} refunded, {} returned, {} paid for: nothing is left out', refunded_units, returned_units, paid_units)
  end as explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  reimbursement_id as reference_id,
  last_paid as event_date,
  last_paid as anchor_date,
  first_refund as covers_from,
  case when outcome = 'claim' then short_units else paid_units end::bigint as units,
  null::decimal(38, 4) as value_total,
  null::bigint as value_units,
  null::varchar as currency,
  'review' as confidence,
  ['judged_apart: Amazon may have judged the units of this order one by one; ask why it paid for some of them only'] as reasons,
  ['returns', 'reimbursements'] as relies_on,
  evidence
from judged
