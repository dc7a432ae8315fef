/*
table = "payout_lines"
what = "Money that settlements and transaction reports pay outside of orders, each line once: it may be a reimbursement."

The lines bear no reimbursement ID, so SKU, amount and day are all there is. The transaction report repeats what a
settlement holds: the same SKU and amount on the same day or a day beside it. Any line that pays money and belongs to no
sale counts for its SKU, whatever its description says, in any language: a payment must never be called missing because
of a word. A line without SKU counts only if it speaks of a reimbursement: reserves and balances name none either.
*/
with settled as (
  select row_id, date, nullif(trim(msku), '') as msku, currency, amount
  from settlements_v2
  where transaction_type not in ('Order', 'Refund')
    and amount > 0
    and (nullif(trim(msku), '') is not null or concat_ws(' ', transaction_type, amount_type, amount_description) ilike '%reimburs%')
  union all
  select row_id, date, nullif(trim(msku), ''), currency, other_amount
  from settlements_v1
  where transaction_type not in ('Order', 'Refund')
    and other_amount > 0
    and (nullif(trim(msku), '') is not null or transaction_type ilike '%reimburs%')),
reported as (
  select row_id, date, nullif(trim(msku), '') as msku, currency, total as amount
  from transactions
  where coalesce(type, '') not in ('Order', 'Refund')
    and total > 0
    and (nullif(trim(msku), '') is not null or type = 'Adjustment'))
select row_id, date, msku, currency, amount
from settled
union all
select row_id, date, msku, currency, amount
from reported
where not exists (
  select settled.row_id
  from settled
  where settled.msku is not distinct from reported.msku
    and settled.amount = reported.amount
    and abs(settled.date - reported.date) <= 1)
