/*
table = "sku_labels"
what = "The product of each SKU in the ledger: its FNSKU where it has just one, its ASIN and a title."
*/
select
  msku,
  case when count(*) = 1 then any_value(fnsku) end as fnsku,
  min(asin) as asin,
  max(title) as title
from products
group by msku
