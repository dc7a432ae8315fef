/*
table = "pair_sides"
what = "Rows that may be two sides of one movement. Pairs are made one to one: same key, equal units, nearest days."

kind damage_arrival: a damage (left) and the same units arriving in another disposition (right).
kind back_to_sellable: units arriving in SELLABLE (left) out of another disposition (right).
kind inventory_payment: an N row (left) that is the inventory of a reimbursement (right).
kind payout: a payment (left) and the line of a settlement or transaction report that pays just as much for the SKU (right).
Source: https://sellercentral.amazon.com/help/hub/reference/G4FKT5KQWFFJ7LDN
*/
with adjustments as (
  select
    row_id,
    date,
    fnsku,
    quantity,
    upper(trim(reason)) as code,
    upper(replace(trim(disposition), ' ', '_')) as disposition_code,
    concat_ws('|', fulfillment_center, reference_id) as tie
  from ledger
  where event_type ilike 'adjustment%')
select 'damage_arrival' as kind, 'left' as side, row_id, fnsku as pair_key, -quantity as units, date, tie, -1 as earliest, 1 as latest
from adjustments
where code in ('E', '6', '7', 'H', 'K', 'U') and quantity < 0
union all
select 'damage_arrival', 'right', row_id, fnsku, quantity, date, tie, -1, 1
from adjustments
where code = 'P' and quantity > 0 and disposition_code <> 'SELLABLE'
union all
select 'back_to_sellable', 'left', row_id, fnsku, quantity, date, tie, -7, 1
from adjustments
where code = 'P' and quantity > 0 and disposition_code = 'SELLABLE'
union all
select 'back_to_sellable', 'right', row_id, fnsku, -quantity, date, tie, -7, 1
from adjustments
where code = 'Q' and quantity < 0 and disposition_code <> 'SELLABLE'
union all
select 'inventory_payment', 'left', row_id, fnsku, quantity, date, tie, -10, 10
from adjustments
where code = 'N' and quantity > 0
union all
select 'inventory_payment', 'right', row_id, fnsku, inventory_units, date, reimbursement_id, -10, 10
from payments
where inventory_units > 0
union all
select
  'payout',
  'left',
  row_id,
  concat_ws('|', msku, currency),
  (amount_total * 10000)::bigint,
  date,
  reimbursement_id,
  -3,
  45
from payments
where amount_total > 0 and msku is not null and family <> 'reversal'
union all
select 'payout', 'right', row_id, concat_ws('|', msku, currency), (amount * 10000)::bigint, date, null, -3, 45
from payout_lines
where msku is not null
