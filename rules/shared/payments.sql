/*
table = "payments"
what = "Every row of the Reimbursements report: what it pays for, how many units, whether it takes money back."

Reason texts vary in case, spacing and punctuation, so they are matched on their letters.
Source of the reasons: https://sellercentral.amazon.com/help/hub/reference/G200732720
*/
with read_reasons as (
  select
    *,
    regexp_replace(lower(coalesce(reason, '')), '[\s_:./-]', '', 'g') as letters,
    case
      when quantity_cash is null and quantity_inventory is null then quantity_total
      else coalesce(quantity_cash, 0) + coalesce(quantity_inventory, 0)
    end as counted_units
  from reimbursements)
select
  row_id,
  date,
  reimbursement_id,
  order_id,
  fnsku,
  msku,
  currency,
  amount_per_unit,
  amount_total,
  coalesce(quantity_cash, 0) as cash_units,
  coalesce(quantity_inventory, 0) as inventory_units,
  counted_units as units,
  case
    when letters like '%revers%' then 'reversal'
    when letters like '%lost%' and letters like '%warehouse%' then 'lost'
    when letters like '%damage%' and letters like '%warehouse%' or letters = '倉庫破損' then 'damaged'
    when letters like '%lost%' and letters like '%inbound%' or letters like '%missingfrominbound%' then 'inbound'
    when letters like '%fee%' then 'fee'
    else 'other'
  end as family
from read_reasons
