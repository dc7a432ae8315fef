/*
table = "evidence_rows"
what = "Every row that may stand in the evidence, in one shape: day, product, keys, what happened, units and money."
*/
select row_id, date, fnsku, msku, null as order_id, reference_id, concat_ws(' ', event_type, reason) as event, quantity, null as currency, null as amount
from ledger
union all
select row_id, date, fnsku, msku, order_id, reimbursement_id, reason, coalesce(quantity_total, coalesce(quantity_cash, 0) + coalesce(quantity_inventory, 0)), currency, amount_total
from reimbursements
union all
select row_id, date, fnsku, msku, order_id, license_plate, concat_ws(' ', disposition, status), quantity, null, null
from returns
union all
select row_id, date, null, msku, order_id, settlement_id, concat_ws(' ', transaction_type, amount_type, amount_description), quantity, currency, amount
from settlements_v2
union all
select row_id, date, null, msku, order_id, settlement_id, type, quantity, currency, case when type in ('Order', 'Refund') then product_sales else total end
from transactions
union all
select row_id, date, null, msku, order_id, order_item_id, concat_ws(' ', item_status, fulfillment_channel), quantity, currency, item_price
from orders
union all
select row_id, updated, null, null, null, shipment_id, status, units_located, null, null
from shipments
union all
select row_id, null, fnsku, msku, null, shipment_id, 'shipped', quantity, null, null
from shipment_contents
