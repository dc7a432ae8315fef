"""The exports that only some stories need: a story adds rows by header name, and the file is written if there are any.

Source of the columns: the public places named in the catalog entry of each report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditor.simulate.printing import Row

#: Columns by report, as Amazon (or the seller, for own files) prints them.
COLUMNS: Mapping[str, Sequence[str]] = {
    "replacements": (
        *("shipment-date", "sku", "asin", "fulfillment-center-id", "original-fulfillment-center-id", "quantity"),
        *("replacement-reason-code", "replacement-amazon-order-id", "original-amazon-order-id"),
    ),
    "fulfilled_shipments": (
        *("amazon-order-id", "merchant-order-id", "shipment-id", "shipment-item-id", "amazon-order-item-id"),
        *("merchant-order-item-id", "purchase-date", "payments-date", "shipment-date", "reporting-date"),
        *("buyer-email", "buyer-name", "buyer-phone-number", "sku", "product-name", "quantity-shipped", "currency"),
        *("item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax"),
        *("ship-service-level", "recipient-name", "ship-address-1", "ship-city", "ship-postal-code", "ship-country"),
        *("item-promotion-discount", "ship-promotion-discount", "carrier", "tracking-number"),
        *("estimated-arrival-date", "fulfillment-center-id", "fulfillment-channel", "sales-channel"),
    ),
    "removal_orders": (
        *("request-date", "order-id", "order-source", "order-type", "service-speed", "order-status"),
        *("last-updated-date", "sku", "fnsku", "disposition", "requested-quantity", "cancelled-quantity"),
        *("disposed-quantity", "shipped-quantity", "in-process-quantity", "removal-fee", "currency"),
    ),
    "removal_shipments": (
        *("request-date", "order-id", "shipment-date", "sku", "fnsku", "disposition", "shipped-quantity", "carrier"),
        *("tracking-number", "removal-order-type"),
    ),
    "removal_receipts": ("order-id", "tracking-number", "fnsku", "received-date", "received-quantity", "condition"),
    "fee_preview": (
        *("sku", "fnsku", "asin", "amazon-store", "product-name", "product-group", "brand", "fulfilled-by"),
        *("your-price", "sales-price", "longest-side", "median-side", "shortest-side", "length-and-girth"),
        *("unit-of-dimension", "item-package-weight", "unit-of-weight", "product-size-tier", "currency"),
        *("estimated-fee-total", "estimated-referral-fee-per-unit", "estimated-variable-closing-fee"),
        *("estimated-order-handling-fee-per-order", "estimated-pick-pack-fee-per-unit"),
        *("estimated-weight-handling-fee-per-unit", "expected-fulfillment-fee-per-unit"),
    ),
    "measurements": (
        *("sku", "longest-side", "median-side", "shortest-side", "unit-of-dimension", "weight", "unit-of-weight"),
    ),
    "storage_fees": (
        *("asin", "fnsku", "product_name", "fulfillment_center", "country_code", "longest_side", "median_side"),
        *("shortest_side", "measurement_units", "weight", "weight_units", "item_volume", "volume_units"),
        *("product_size_tier", "average_quantity_on_hand", "average_quantity_pending_removal"),
        *("estimated_total_item_volume", "month_of_charge", "storage_utilization_ratio"),
        *("storage_utilization_ratio_units", "base_rate", "utilization_surcharge_rate", "avg_qty_for_sus"),
        *("est_vol_for_sus", "est_base_msf", "est_sus", "currency", "estimated_monthly_storage_fee"),
        *("dangerous_goods_storage_type", "eligible_for_inventory_discount", "qualifies_for_inventory_discount"),
        *("total_incentive_fee_amount", "breakdown_incentive_fee_amount", "average_quantity_customer_orders"),
    ),
    "aged_surcharge": (
        *("snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "per-unit-volume", "currency"),
        *("volume-unit", "country", "qty-charged", "amount-charged", "surcharge-age-tier", "rate-surcharge"),
    ),
    "ledger_summary": (
        *("Date", "FNSKU", "ASIN", "MSKU", "Title", "Disposition", "Starting Warehouse Balance"),
        *("In Transit Between Warehouses", "Receipts", "Customer Shipments", "Customer Returns", "Vendor Returns"),
        *("Warehouse Transfer In/Out", "Found", "Lost", "Damaged", "Disposed", "Other Events"),
        *("Ending Warehouse Balance", "Unknown Events", "Location", "Store"),
    ),
    "inbound_performance": (
        *("issue-reported-date", "shipment-creation-date", "fba-shipment-id", "fba-carton-id"),
        *("fulfillment-center-id", "sku", "fnsku", "asin", "product-name", "problem-type", "problem-quantity"),
        *("expected-quantity", "received-quantity", "performance-measurement-unit", "coaching-level", "fee-type"),
        *("currency", "fee-total", "problem-level", "alert-status"),
    ),
}


def further_export(report: str, rows: Sequence[Mapping[str, str]]) -> list[Row]:
    """The header and the rows of one report, in a fixed order; what a row does not state is blank.

    Raises ValueError for a column that the report does not have.
    """
    columns = COLUMNS[report]
    if strangers := {name for row in rows for name in row} - set(columns):
        raise ValueError(f"{report} has no column {', '.join(sorted(strangers))}")
    return [list(columns), *sorted([row.get(name, "") for name in columns] for row in rows)]
