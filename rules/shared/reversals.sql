/*
table = "reversals"
what = "Every reversal that takes money back: the payment it reverses, and how many units no swap, double payment or return of the order explains."

`loss_from` is the first day from which a find may explain it: that of the oldest loss that the payment settled; where
the exports show none, any find may. A return explains the reversal of a payment for its order once the units that were
refunded and never paid for have theirs. A payment beyond the losses it settled was one too many, but not where Amazon's figure
counts losses before it as open all the same: then those are claimed.
*/
with originals as (
  select
    reimbursement_id,
    coalesce(fnsku, msku) as product,
    min(payments.row_id) as original_row,
    min(date) as paid_on,
    min(coalesce(first_order_id, payments.order_id)) as order_id,
    min(msku) as msku,
    min(payments.family) as family,
    min(loss_from) as loss_from,
    sum(cash_units - settled_units) filter (shows_losses) as spare_payment
  from payments
  left join paid_losses on paid_losses.row_id = payments.row_id
  left join replaced_orders on replaced_orders.order_id = payments.order_id
  where family <> 'reversal' and cash_units > 0
  group by reimbursement_id, coalesce(fnsku, msku)),
reopened as (
  select reimbursement_id, originals.product, sum(open_units) as reopened_units
  from originals
  join lots on lots.product = originals.product and lots.family = originals.family and lots.date <= originals.paid_on
  where open_units > history_open
  group by reimbursement_id, originals.product),
refunded as (
  select order_id, msku, sum(refunded_units) as refunded_units
  from refunded_units
  group by order_id, msku),
paid_orders as (
  select order_id, msku, sum(units) as paid_units
  from order_payments
  group by order_id, msku),
back as (
  select order_id, msku, max(row_id) as return_row, sum(units) as back_units
  from returned_units
  group by order_id, msku),
came_back as (
  -- greatest passes over the null of an order that was not refunded
  select order_id, msku, return_row, back_units - greatest(0, refunded_units - paid_units) as spare_returns
  from back
  join paid_orders using (order_id, msku)
  left join refunded using (order_id, msku)),
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
    payments.cash_units = 0 as units_unclear,
    greatest(0, -payments.cash_units) as taken_units,
    least(taken_units, greatest(0, payments.inventory_units)) as swapped_units,
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
    loss_from,
    return_row,
    greatest(0, originals.spare_payment) as spare_payment,
    coalesce(reopened_units, 0) as reopened_units,
    coalesce(spare_returns, 0) as spare_returns,
    taken_units - swapped_units as unswapped_units
  from taken
  left join originals on originals.reimbursement_id = taken.original_reimbursement_id and originals.product = taken.product
  left join reopened on reopened.reimbursement_id = originals.reimbursement_id and reopened.product = originals.product
  left join came_back on came_back.order_id = originals.order_id and came_back.msku = coalesce(originals.msku, taken.msku)),
counted as (
  select
    *,
    greatest(0, least(unswapped_units, spare_payment - coalesce(sum(unswapped_units) over of_payment, 0))) as beyond_units,
    least(beyond_units, reopened_units) as still_open_units,
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
  amount_per_unit,
  amount_total,
  units_unclear,
  amount_total > 0 as sign_unclear,
  taken_units::bigint as taken_units,
  swapped_units::bigint as swapped_units,
  (beyond_units - still_open_units)::bigint as in_error_units,
  still_open_units::bigint as still_open_units,
  returned_units::bigint as returned_units,
  (unswapped_units - beyond_units - returned_units)::bigint as needed_units,
  original_reimbursement_id,
  original_row,
  paid_on,
  order_id,
  loss_from,
  return_row
from counted
