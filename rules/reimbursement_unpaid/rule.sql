/*
title = "Approved, but not paid out"
what = "Approved payments of money for which no line of a settlement pays anything for that SKU, although the settlement periods that must hold it are all in the exports and closed."
why = "Amazon pays approved reimbursements out within days, in the settlement of that time."
leaves_out = [
  "Payments with a line of the same SKU and amount, from 3 days before the approval to 45 days after it, in a settlement or in a transaction report.",
  "Payments that other lines of the SKU may hold, combined or split; lines that name no SKU but pay as much.",
  "Payments that were taken back, and those whose amount cannot be read.",
  "Days for which a settlement is missing, is not closed yet, or is that of another marketplace.",
]
source = "https://sellercentral.amazon.com/help/hub/reference/G200732720"
basis = "stated"
value_basis = "payment"
reads = ["reimbursements", "settlements_v2"]
inputs = ["cash_payments", "payout_lines", "pairs", "settlements_v2", "settlements_v1", "orders", "marketplace_names"]
*/
with periods as (
  select settlement_id, currency, min(period_start) as period_start, max(period_end) as period_end
  from (
    select settlement_id, currency, period_start, period_end from settlements_v2
    union all
    select settlement_id, currency, period_start, period_end from settlements_v1) as all_settlements
  group by settlement_id, currency
  having max(period_end) < $as_of),
due_days as (
  select row_id, currency, date + unnest(range(0, 11))::int as due_day
  from cash_payments),
covered as (
  select due_days.row_id
  from due_days
  where exists (
    select settlement_id
    from periods
    where periods.currency = due_days.currency and due_day between period_start and period_end)
  group by due_days.row_id
  having count(*) = 11),
settled_places as (
  select marketplace
  from settlements_v2
  join marketplace_names on name = marketplace_name),
unsettled_sales as (
  -- each European marketplace has settlements of its own, all in the same currency
  select orders.date, orders.currency
  from orders
  join marketplace_names on name = sales_channel
  where marketplace not in (select marketplace from settled_places)),
elsewhere as (
  select cash_payments.row_id
  from cash_payments
  join unsettled_sales on unsettled_sales.currency = cash_payments.currency
    and unsettled_sales.date between cash_payments.date - 60 and cash_payments.date + 10),
spare_lines as (
  select payout_lines.*
  from payout_lines
  where row_id not in (select right_row from pairs where kind = 'payout')),
reachable as (
  select
    cash_payments.row_id,
    sum(spare_lines.amount) filter (spare_lines.msku = cash_payments.msku) as of_sku,
    max(spare_lines.amount) filter (spare_lines.msku is null) as without_sku
  from cash_payments
  join spare_lines
    on (spare_lines.msku is null or spare_lines.msku = cash_payments.msku)
    and coalesce(spare_lines.currency, cash_payments.currency) = cash_payments.currency
    and spare_lines.date between cash_payments.date - 3 and cash_payments.date + 45
  group by cash_payments.row_id),
judged as (
  select
    cash_payments.*,
    of_sku,
    case
      when reversed_units > 0 then 'reversed'
      when cash_payments.row_id in (select left_row from pairs where kind = 'payout') then 'paid_out'
      when amount_total is null or amount_total <= 0 or msku is null or currency is null then 'amount_unknown'
      when of_sku >= amount_total then 'paid_out'
      when without_sku >= amount_total then 'paid_out'
      when of_sku is not null then 'paid_in_part'
      when cash_payments.row_id not in (select row_id from covered) or cash_payments.row_id in (select row_id from elsewhere) then 'no_coverage'
      else 'claim'
    end as outcome
  from cash_payments
  left join reachable on reachable.row_id = cash_payments.row_id),
grouped as (
  select
    reimbursement_id,
    product,
    currency,
    outcome,
    min(marketplace) as marketplace,
    min(fnsku) as fnsku,
    min(msku) as msku,
    min(asin) as asin,
    min(title) as title,
    min(date) as date,
    max(digits) as digits,
    max(of_sku) as of_sku,
    sum(cash_units)::bigint as units,
    sum(amount_total) as unpaid_money,
    list({'role': 'payment', 'row_id': row_id, 'units': cash_units} order by row_id) as payment_rows
  from judged
  group by reimbursement_id, product, currency, outcome)
select
  concat_ws('|', reimbursement_id, product, currency) as identity,
  outcome,
  case outcome
    when 'claim' then format(
      '{:.{}f} {} approved on {}, and no settlement up to {} pays anything for this SKU', unpaid_money, digits, currency, date, least(date + 45, $as_of))
    when 'paid_out' then 'a settlement or the transaction report holds a line that may be this payment'
    when 'paid_in_part' then format('{:.{}f} of {:.{}f} {} may have been paid out; a person has to look', of_sku, digits, unpaid_money, digits, currency)
    when 'reversed' then 'the payment was taken back'
    when 'amount_unknown' then 'the report does not show SKU, currency and amount of this payment, so no line can be searched for'
    else format('the exports do not hold every closed settlement from {} to {} in this currency', date, date + 10)
  end as explanation,
  marketplace,
  fnsku,
  msku,
  asin,
  title,
  reimbursement_id as reference_id,
  date as event_date,
  date as anchor_date,
  date as covers_from,
  units,
  unpaid_money::decimal(38, 4) as value_total,
  units as value_units,
  currency,
  'review' as confidence,
  []::varchar[] as reasons,
  []::varchar[] as relies_on,
  payment_rows as evidence
from grouped
