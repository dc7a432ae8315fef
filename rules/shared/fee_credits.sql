/*
table = "fee_credits"
what = "Money that Amazon gave back for wrong fees, row by row, by the report that shows it."

The reports repeat each other: compare their sums, and never add them. A row without SKU may be for any product.
*/
select msku, currency, date, amount, row_id, 'settlement' as source
from (
  select *, regexp_replace(lower(concat_ws(' ', transaction_type, amount_type, amount_description)), '[^a-z]', '', 'g') as letters
  from settlements_v2)
where lower(transaction_type) not in ('order', 'refund')
  and amount > 0
  and regexp_matches(letters, 'incorrectfee|feecorrection|feeadjustment|fbaperunit|weighthandling|dimension')
union all
select msku, currency, date, amount_total, row_id, 'reimbursements'
from reimbursements
where amount_total > 0 and regexp_matches(lower(reason), 'fee')
union all
select msku, currency, date, total, row_id, 'transactions'
from transactions
where type = 'Adjustment' and total > 0 and regexp_matches(lower(description), 'fee|gebühr|frais|tariff|tarifa|手数料')
