/*
table = "reversals"
what = "Every reversal that takes money back: the payment it reverses, what that paid for, and how many units no swap, double payment or return of the order explains."

`loss_from` is the first day from which a find may explain it: that of the oldest loss that the payment settled; where
the exports show none, any find may. A return explains the reversal of a payment for its order once the units that were
refunded and never paid for have theirs.
*/
with originals as (
  select
    reimbursement_id,
    coalesce(fnsku, msku) as product,
    min(payments.row_id) as original_row,
    min(date) as paid_on,
    min(order_id) as order_id,
    min(msku) as msku,
    min(family) as family,
    min(loss_from) as loss_from,
    coalesce(sum(cash_units - settled_units) filter (shows_losses), 0) as spare_payment
  from payments
  left join paid_losses on paid_losses.row_id = payments.row_id
  where family <> 'reversal' and cash_units > 0
  group by reimbursement_id, coalesce(fnsku, msku)),
refunded as (
  select
    refund_lines.order_id,
    refund_lines.msku,
    greatest(0, round(-sum(amount) * any_value(price_units) / any_value(price_total))) as refunded_units
  from refund_lines
  join order_lines on order_lines.order_id = refund_lines.order_id and order_lines.msku = refund_lines.msku
  where price_total > 0
  group by refund_lines.order_id, refund_lines.msku),
paid_orders as (
  select order_id, msku, sum(units) as paid_units
  from payments
  where order_id is not null and family not in ('reversal', 'fee') and units > 0
  group by order_id, msku),
came_back as (
  select
    returns.order_id,
    returns.msku,
    max(row_id) as return_row,
    greatest(0, sum(coalesce(quantity, 1)) - greatest(0, coalesce(any_value(refunded_units), 0) - coalesce(any_value(paid_units), 0))) as spare_returns
  from returns
  left join refunded on refunded.order_id = returns.order_id and refunded.msku = returns.msku
  left join paid_orders on paid_orders.order_id = returns.order_id and paid_orders.msku = returns.msku
  group by returns.order_id, returns.msku),
taken as (
  select
    payments.row_id,
    payments.date,
    payments.reimbursement_id,
    payments.fnsku,
    payments.msku,
    coalesce(payments.fnsku, payments.msku) as product,
    payments.currency,
    abs(payments.amount_per_unit) as amount_per_unit,
    payments.amount_total,
    payments.units_unknown or payments.cash_units = 0 as units_unclear,
    greatest(0, -payments.cash_units) as taken_units,
    least(greatest(0, -payments.cash_units), greatest(0, payments.inventory_units)) as swapped_units,
    reimbursements.asin,
    reimbursements.title,
    reimbursements.original_reimbursement_id
  from payments
  join reimbursements on reimbursements.row_id = payments.row_id
  where payments.family = 'reversal'
    and (payments.cash_units < 0 or payments.amount_total < 0)),
traced as (
  select
    taken.*,
    original_row,
    paid_on,
    originals.order_id,
    originals.family as paid_for,
    loss_from,
    return_row,
    greatest(0, originals.spare_payment) as spare_payment,
    case when originals.order_id is not null then coalesce(spare_returns, 0) else 0 end as spare_returns,
    taken_units - swapped_units as unswapped_units
  from taken
  left join originals on originals.reimbursement_id = taken.original_reimbursement_id and originals.product = taken.product
  left join came_back on came_back.order_id = originals.order_id and came_back.msku = coalesce(originals.msku, taken.msku)),
counted as (
  select
    *,
    greatest(0, least(unswapped_units, spare_payment - coalesce(sum(unswapped_units) over of_payment, 0))) as in_error_units,
    greatest(0, least(unswapped_units, spare_returns - coalesce(sum(unswapped_units) over of_order, 0))) as returned_units
  from traced
  window
    of_payment as (partition by original_reimbursement_id, product order by date, row_id rows between unbounded preceding and 1 preceding),
    of_order as (partition by order_id, product order by date, row_id rows between unbounded preceding and 1 preceding))
select
  row_id,
  date,
  reimbursement_id,
  fnsku,
  msku,
  asin,
  title,
  product,
  currency,
  coalesce(amount_per_unit, (abs(amount_total) / nullif(taken_units, 0))::decimal(38, 4)) as amount_per_unit,
  amount_total,
  units_unclear,
  coalesce(amount_total > 0, false) as sign_unclear,
  taken_units::bigint as taken_units,
  swapped_units::bigint as swapped_units,
  in_error_units::bigint as in_error_units,
  returned_units::bigint as returned_units,
  (unswapped_units - in_error_units - returned_units)::bigint as needed_units,
  original_reimbursement_id,
  original_row,
  paid_on,
  paid_for,
  order_id,
  loss_from,
  return_row
from counted
