/*
table = "explanations"
what = "Rows that may explain lost, damaged or missing units: finds, corrections and payments."

F is a find. N is a find unless it is the inventory of a reimbursement, which then counts once, as the payment.
A pair Q and P that brings units back to SELLABLE corrects a damage. Payments keyed to an order and reversals
explain nothing here.
*/
select
  row_id,
  'found' as kind,
  'lost' as family,
  fnsku,
  country,
  date,
  quantity as units,
  null as taken_from,
  concat_ws('|', reference_id, fulfillment_center, disposition) as tie
from ledger
where event_type ilike 'adjustment%'
  and quantity > 0
  and (upper(trim(reason)) = 'F'
    or upper(trim(reason)) = 'N'
    and row_id not in (select left_row from pairs where kind = 'inventory_payment'))
union all
select
  arrival.row_id,
  'corrected',
  'damaged',
  arrival.fnsku,
  null,
  arrival.date,
  arrival.quantity,
  upper(replace(trim(departure.disposition), ' ', '_')),
  concat_ws('|', arrival.reference_id, arrival.fulfillment_center)
from pairs
join ledger as arrival on arrival.row_id = pairs.left_row
join ledger as departure on departure.row_id = pairs.right_row
where pairs.kind = 'back_to_sellable'
union all
select row_id, 'paid', family, fnsku, null, date, units, null, reimbursement_id
from payments
where family in ('lost', 'damaged') and order_id is null and units > 0
union all
-- a shortage is known by its FNSKU, or by its MSKU where the contents name no FNSKU
select
  row_id,
  'paid',
  family,
  case
    when fnsku in (select product from shortages) then fnsku
    when msku in (select product from shortages) then msku
    when labelled.label_msku in (select product from shortages) then labelled.label_msku
    else fnsku
  end,
  null,
  date,
  units,
  null,
  reimbursement_id
from payments
left join (
  select fnsku as label_fnsku, any_value(msku) as label_msku from products group by fnsku having count(msku) = 1) as labelled
  on labelled.label_fnsku = payments.fnsku
where family = 'inbound' and order_id is null and units > 0
union all
-- the reports of removals and of payments share no key but the product
select row_id, 'paid', family, coalesce(fnsku, msku), null, date, units, null, reimbursement_id
from payments
where family in ('removal_lost', 'removal_damaged') and units > 0
