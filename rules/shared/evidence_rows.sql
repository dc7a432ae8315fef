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
union all
select row_id, date, null, msku, original_order_id, order_id, concat_ws(' ', 'replacement', reason), quantity, null, null
from replacements
union all
select row_id, date, null, msku, order_id, shipment_item_id, concat_ws(' ', 'shipped', fulfillment_channel), quantity, currency, item_price
from order_shipments
union all
select row_id, date, fnsku, msku, order_id, order_id, concat_ws(' ', order_type, order_status), requested_quantity, currency, removal_fee
from removal_orders
union all
select row_id, date, fnsku, msku, order_id, tracking_number, concat_ws(' ', 'removal shipped', carrier), quantity, null, null
from removal_shipments
union all
select row_id, date, fnsku, null, order_id, tracking_number, concat_ws(' ', 'removal received', condition), quantity, null, null
from removal_receipts
union all
select row_id, effective_from, null, msku, null, null, 'cost', null, currency, unit_cost
from costs
union all
select row_id, null, fnsku, msku, null, store, concat_ws(' ', 'fee preview', size_tier), null, currency, fulfillment_fee
from fee_previews
union all
select row_id, null, null, msku, null, null, 'measurement', null, null, null
from measurements
union all
select row_id, date, fnsku, msku, null, month, concat_ws(' ', 'storage', size_tier, fulfillment_center), null, currency, fee
from storage_fees
union all
select row_id, date, fnsku, msku, null, age_tier, 'aged surcharge', quantity, currency, amount
from aged_surcharges
union all
select row_id, date, fnsku, msku, null, period, concat_ws(' ', 'balance', disposition, location), ending_balance, null, null
from ledger_summaries
union all
select row_id, date, fnsku, msku, null, shipment_id, problem_type, problem_quantity, currency, fee
from inbound_problems
union all
select row_id, date, fnsku, msku, null, null, concat_ws(' ', 'planning', condition), available, currency, your_price
from inventory_planning
