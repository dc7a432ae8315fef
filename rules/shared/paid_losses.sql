/*
table = "paid_losses"
what = "For every payment that names no order: how many units of losses it settled, since when, and whether the exports show losses it may have meant."

A payment that settled nothing although the exports show losses of the product in the 120 days before was one too many;
where the ledger does not reach back so far, its loss may lie before it.
*/
with settled as (
  select settling_row, sum(settlements.units) as settled_units, min(lots.date) as loss_from
  from settlements
  join lots on lots.row_id = settlements.lot_row
  group by settling_row),
shown as (
  select coalesce(fnsku, msku) as product, family, date
  from losses
  union all
  select coalesce(fnsku, msku), 'inbound', delivered
  from shortages)
select
  payments.row_id,
  coalesce(any_value(settled_units), 0)::bigint as settled_units,
  any_value(loss_from) as loss_from,
  count(shown.date) > 0 as shows_losses,
  count(shown.date) > 0 or (select min(date) from ledger) <= any_value(payments.date) - 120 as would_show_losses
from payments
left join settled on settled.settling_row = payments.row_id
left join shown
  on shown.product = coalesce(payments.fnsku, payments.msku)
  and shown.family = payments.family
  and shown.date between payments.date - 120 and payments.date
where payments.order_id is null
group by payments.row_id
