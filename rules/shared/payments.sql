/*
table = "payments"
what = "Every row of the Reimbursements report: what it pays for, how many units, whether it takes money back."

Reason texts vary in case, spacing, punctuation and language, so they are matched on their words. A row that states
no units but an amount per unit and a total states them all the same; where it does not, `units_unknown` says so.
Source of the reasons: https://sellercentral.amazon.com/help/hub/reference/G200732720
*/
with labels as (
  select msku as label_msku, any_value(fnsku) as label_fnsku
  from products
  group by msku
  having count(fnsku) = 1),
read_reasons as (
  select
    *,
    regexp_replace(lower(reason), '[\s_:./-]', '', 'g') as letters,
    coalesce(quantity_cash, 0) + coalesce(quantity_inventory, 0) as split_units,
    round(amount_total / nullif(amount_per_unit, 0))::bigint as paid_times
  from reimbursements
  left join labels on labels.label_msku = reimbursements.msku),
counted as (
  select
    *,
    case
      when split_units <> 0 then split_units
      when quantity_cash is null and quantity_inventory is null and quantity_total is null and paid_times * amount_per_unit = amount_total
        then paid_times
      else coalesce(quantity_total, 0)
    end as counted_units
  from read_reasons)
select
  row_id,
  date,
  reimbursement_id,
  order_id,
  coalesce(fnsku, label_fnsku) as fnsku,
  msku,
  currency,
  coalesce(amount_per_unit, amount_total / nullif(counted_units, 0))::decimal(38, 4) as amount_per_unit,
  amount_total,
  coalesce(quantity_cash, case when quantity_inventory is null then counted_units else 0 end) as cash_units,
  coalesce(quantity_inventory, 0) as inventory_units,
  counted_units as units,
  counted_units = 0 and amount_total > 0 as units_unknown,
  case
    when letters like '%revers%' then 'reversal'
    when letters like '%lost%inbound%' or letters like '%inbound%lost%' or letters like '%missingfrominbound%' then 'inbound'
    when letters like '%lost%' and letters like '%warehouse%' then 'lost'
    when letters like '%damage%' and letters like '%warehouse%' then 'damaged'
    when letters like '%fee%' then 'fee'
    when letters like '%damage%inbound%' or letters like '%inbound%damage%' then 'inbound_damaged'
    when letters like '%removal%' and (letters like '%lost%' or letters like '%missing%') then 'removal_lost'
    when letters like '%removal%' and letters like '%damage%' then 'removal_damaged'
    when letters like '%removal%' then 'removal'
    when letters like '%return%' or letters like '%customerservice%' or letters like '%outbound%' or letters like '%inbound%'
      or letters like '%adjustment%' or letters like '%replacement%' or letters like '%multichannel%' then 'other'
    when letters like '%verloren%' and letters like '%lager%' or letters like '%perdu%' and letters like '%entrep%'
      or letters like '%smarrit%' and letters like '%magazzino%' or letters like '%perdid%' and letters like '%almac%'
      or letters like '%倉庫%紛失%' then 'lost'
    when letters like '%beschädigt%' and letters like '%lager%' or letters like '%endommag%' and letters like '%entrep%'
      or letters like '%danneggiat%' and letters like '%magazzino%' or letters like '%dañad%' and letters like '%almac%'
      or letters like '%倉庫%破損%' then 'damaged'
    when letters like '%beschädigt%' and (letters like '%eingang%' or letters like '%anlieferung%')
      or letters like '%endommag%' and (letters like '%entrant%' or letters like '%réception%')
      or letters like '%danneggiat%' and (letters like '%entrata%' or letters like '%ricezione%')
      or letters like '%dañad%' and (letters like '%entrante%' or letters like '%recepción%')
      or letters like '%納品%破損%' or letters like '%入荷%破損%' then 'inbound_damaged'
    else 'unknown'
  end as family
from counted
