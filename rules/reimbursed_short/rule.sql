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
inputs = ["payments", "refund_lines", "order_lines", "returns", "products"]
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
with labels as (
  select fnsku as label_fnsku, min(msku) as label_msku
  from products
  group by fnsku
  having count(distinct msku) = 1),
order_payments as (
  select
    payments.row_id,
    payments.date,
    payments.reimbursement_id,
    payments.order_id,
    payments.fnsku,
    coalesce(payments.msku, label_msku) as msku,
    units,
    units_unknown
  from payments
  left join labels on label_fnsku = payments.fnsku
  where order_id is not null
    and family not in ('reversal', 'fee')
    and (units > 0 or units_unknown)),
paid as (
  select
    order_id,
    msku,
    min(fnsku) as fnsku,
    min(date) as first_paid,
    max(date) as last_paid,
    arg_max(reimbursement_id, (date, reimbursement_id)) as reimbursement_id,
    sum(units)::bigint as paid_units,
    bool_or(units_unknown) as is_unclear,
    list({'role': 'paid', 'row_id': row_id, 'units': units} order by date, row_id) as paid_rows
  from order_payments
  group by order_id, msku),
refunds as (
  select
    order_id,
    msku,
    date as refund_date,
    -sum(amount) as refunded_principal,
    mode(fulfillment_id order by fulfillment_id) as refund_fulfilled_by,
    mode(marketplace_name order by marketplace_name) as refund_marketplace,
    -- the row that stands for the refund's units wherever they are claimed
    min(row_id) as refund_row
  from refund_lines
  group by order_id, msku, date),
priced as (
  select
    refunds.*,
    paid.* exclude (order_id, msku),
    price_total,
    price_units,
    ordered_units,
    asin,
    title,
    sales_channel,
    coalesce(case when refund_fulfilled_by in ('AFN', 'MFN') then refund_fulfilled_by end, order_lines.fulfilled_by) as shipped_by,
    sum(refunded_principal) over line as principal_so_far
  from refunds
  join paid on paid.order_id = refunds.order_id and paid.msku = refunds.msku
  join order_lines on order_lines.order_id = refunds.order_id and order_lines.msku = refunds.msku and price_total > 0
  window line as (partition by refunds.order_id, refunds.msku order by refund_date)),
counted as (
  -- a later row may take a refund back: what was refunded by a day is what no later day undoes
  select
    *,
    least(
      ordered_units,
      greatest(0, round(min(principal_so_far) over (
        partition by order_id, msku order by refund_date rows between current row and unbounded following) * price_units / price_total)))::bigint as refunded_up_to
  from priced),
refunded as (
  select
    *,
    refunded_up_to - coalesce(lag(refunded_up_to) over (partition by order_id, msku order by refund_date), 0) as refunded_units
  from counted),
returned as (
  select
    order_id,
    msku,
    sum(coalesce(quantity, 1))::bigint as returned_units,
    list({'role': 'returned', 'row_id': row_id, 'units': coalesce(quantity, 1)} order by date, row_id) as returned_rows
  from returns
  where coalesce(quantity, 1) > 0
  group by order_id, msku),
cases as (
  select
    refunded.order_id,
    refunded.msku,
    any_value(fnsku) as fnsku,
    any_value(asin) as asin,
    any_value(title) as title,
    coalesce(any_value(case when sales_channel not ilike 'non-amazon%' then sales_channel end), any_value(refund_marketplace)) as marketplace,
    any_value(reimbursement_id) as reimbursement_id,
    any_value(last_paid) as last_paid,
    any_value(first_paid) as first_paid,
    any_value(is_unclear) as is_unclear,
    max(shipped_by) as shipped_by,
    min(refund_date) as first_refund,
    sum(refunded_units)::bigint as refunded_units,
    any_value(paid_units) as paid_units,
    coalesce(any_value(returned_units), 0) as returned_units,
    list_concat(
      list({'role': 'refunded', 'row_id': refund_row, 'units': refunded_units} order by refund_date) filter (refunded_units > 0),
      coalesce(any_value(returned_rows), []),
      any_value(paid_rows)) as evidence
  from refunded
  left join returned on returned.order_id = refunded.order_id and returned.msku = refunded.msku
  group by refunded.order_id, refunded.msku),
judged as (
  select
    *,
    refunded_units - returned_units - paid_units as short_units,
    case
      when shipped_by = 'MFN' then 'not_fba'
      when is_unclear then 'units_unclear'
      when refunded_units > returned_units + paid_units then 'claim'
      else 'paid'
    end as outcome
  from cases
  where refunded_units > 0)
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
