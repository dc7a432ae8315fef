/*
title = "Replaced, but the first unit never came back"
what = "Units that Amazon sent again for free, whose first unit no customer return brought back and that Amazon has not paid for, neither under the original order nor under that of the replacement."
why = "The replacement comes out of the seller's stock; when the first unit does not come back in time, Amazon pays the seller."
leaves_out = [
  "Replacements whose order shows a return, under either order ID, of whatever condition.",
  "Replacements paid for under either order ID, for whatever reason.",
  "Replaced units that were refunded too: they are claimed with the refund.",
  "Orders that the seller shipped.",
  "Replacements for days that no returns export covers up to the as-of date or the end of the window.",
]
source = "https://sellercentral.amazon.com/gp/help/external/G9N934L7Y4SFWPJ4?locale=en-US"
window = "customer_return"
basis = "order"
payment_family = "other"
reads = ["replacements", "orders", ["settlements_v2", "transactions"], "returns", "reimbursements"]
inputs = ["replaced_units", "returned_units", "order_debts", "order_lines", "order_doubts", "products"]
plus = ["replaced"]
minus = ["also_refunded", "returned", "paid"]

[[requires]]
table = "returns"
from = "anchor_date"
to = "deadline"
without = "no_finding"

[[requires]]
table = "reimbursements"
from = "event_date"
to = "as_of"
quiet_days = 30
without = "review"
*/
with labels as (
  select
    msku as label_msku,
    case when count(fnsku) = 1 then any_value(fnsku) end as label_fnsku,
    min(asin) as label_asin,
    max(title) as label_title
  from products
  group by msku),
sent as (
  select
    order_id,
    msku,
    replacement_order_id,
    date as replaced_on,
    sum(units) as sent_units,
    sum(also_refunded) as refunded_units,
    any_value(refunded_units) as refunded_of_order,
    any_value(all_units) as replaced_of_order,
    any_value(ordered_units) as ordered_units,
    bool_or(is_unclear) as is_unclear,
    list({'role': 'replaced', 'row_id': row_id, 'units': units} order by row_id) as sent_rows,
    list({'role': 'also_refunded', 'row_id': row_id, 'units': also_refunded} order by row_id) filter (also_refunded > 0) as refunded_rows
  from replaced_units
  group by order_id, msku, replacement_order_id, date),
back as (
  select
    replaced_units.replacement_order_id,
    replaced_units.msku,
    replaced_units.date as replaced_on,
    returned_units.row_id,
    returned_units.date,
    sum(returned_units.units)::bigint as units
  from returned_units
  join replaced_units on replaced_units.row_id = returned_units.due_row
  group by all),
returned as (
  select
    replacement_order_id,
    msku,
    replaced_on,
    sum(units) as returned_units,
    list({'role': 'returned', 'row_id': row_id, 'units': units} order by date, row_id) as returned_rows
  from back
  group by replacement_order_id, msku, replaced_on),
owed as (
  -- where nothing is owed any more there is no row
  select reference_id as replacement_order_id, msku, anchor_date as replaced_on, owed_units, paid_units, paid_rows
  from order_debts
  where debt = 'replaced'),
judged as (
  select
    sent.*,
    label_fnsku as fnsku,
    coalesce(order_lines.asin, label_asin) as asin,
    coalesce(order_lines.title, label_title) as title,
    order_lines.marketplace,
    fulfilled_by,
    value_total,
    value_units,
    charged_currency as currency,
    returned_units,
    paid_units,
    owed_units - paid_units as open_units,
    list_concat(sent_rows, refunded_rows, returned_rows, paid_rows, order_rows) as evidence,
    [reason for reason in [
      case when order_lines.order_id is null then 'order_unknown: the exports do not show the original order with this SKU' end,
      case when is_unclear then 'units_unclear: the replacements report does not state the units, so one is assumed' end,
      case when unclear_return or unclear_payment then 'units_unclear: a return or payment of this order does not state its units' end,
      case when stray_return or stray_payment then 'other_sku_in_order: a return or payment of this order names a SKU that the order does not have' end,
      case when stray_refund then 'refund_of_unknown_sku: a refund of this order does not say which SKU; make sure that it is another unit' end,
      case when refunded_of_order > 0 then 'refund_in_order: units of this order were also refunded; make sure that it is another unit' end,
      case when replaced_of_order > sent.ordered_units then 'replaced_again: more units were replaced than ordered' end]
      if reason is not null] as doubts
  from sent
  left join returned
    on returned.replacement_order_id = sent.replacement_order_id and returned.msku = sent.msku and returned.replaced_on = sent.replaced_on
  left join owed on owed.replacement_order_id = sent.replacement_order_id and owed.msku = sent.msku and owed.replaced_on = sent.replaced_on
  left join labels on labels.label_msku = sent.msku
  left join order_lines on order_lines.order_id = sent.order_id and order_lines.msku = sent.msku
  left join order_doubts on order_doubts.order_id = sent.order_id),
outcomes as (
  select 'original_order_unknown' as outcome, sent_units as outcome_units, 'the replacements report does not name the original order' as explanation, *
  from judged
  where order_id is null
  union all
  select 'not_fba', sent_units, 'the seller shipped the original order', *
  from judged
  where fulfilled_by = 'MFN'
  union all
  select 'also_refunded', refunded_units, format('{} of {} replaced units were refunded too and belong to the refund', refunded_units, sent_units), *
  from judged
  where fulfilled_by is distinct from 'MFN' and refunded_units > 0
  union all
  select 'returned', returned_units, format('{} of {} replaced units came back', returned_units, sent_units), *
  from judged
  where fulfilled_by is distinct from 'MFN' and returned_units is not null
  union all
  select 'paid', paid_units, format('{} of {} replaced units were paid for', paid_units, sent_units), *
  from judged
  where fulfilled_by is distinct from 'MFN' and paid_units > 0
  union all
  select 'claim', open_units, null, *
  from judged
  where fulfilled_by is distinct from 'MFN' and open_units > 0)
select
  concat_ws('|', replacement_order_id, order_id, msku, replaced_on) as identity,
  outcome,
  explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  replacement_order_id as reference_id,
  replaced_on as event_date,
  replaced_on as anchor_date,
  replaced_on as covers_from,
  outcome_units::bigint as units,
  value_total::decimal(38, 4) as value_total,
  value_units::bigint as value_units,
  currency,
  case when len(doubts) > 0 then 'review' else 'high' end as confidence,
  doubts as reasons,
  ['returns', 'reimbursements'] as relies_on,
  evidence
from outcomes
