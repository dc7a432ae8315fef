"""SP-API payloads of inbound shipments, in every way in which tools save them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

ITEM = {
    "ShipmentId": "FBA15LN6M80T",
    "SellerSKU": "SKU-1",
    "FulfillmentNetworkSKU": "X000000001",
    "QuantityShipped": 10,
    "QuantityReceived": 9,
    "PrepDetailsList": [{"PrepInstruction": "Polybagging"}],
}
SHIPMENT = {
    "ShipmentId": "FBA15LN6M80T",
    "ShipmentName": "FBA (2/11/20, 11:18 AM) - 1",
    "ShipFromAddress": {"Name": "Jane Planted", "AddressLine1": "1 Planted Way"},
    "DestinationFulfillmentCenterId": "PHL7",
    "ShipmentStatus": "CLOSED",
}
Objects = Sequence[dict[str, Any]]


def response(key: str, objects: Objects, **more: Any) -> dict[str, Any]:
    """What the API answers: a page of objects and, as long as there is one, the token of the next."""
    return {"payload": {key: list(objects), "NextToken": "n"}, **more}


def pages(key: str, objects: Objects) -> list[dict[str, Any]]:
    """One page for each object."""
    return [response(key, [each]) for each in objects]


#: How a list of objects under its key is saved, by name.
SAVED: dict[str, Callable[[str, Objects], str]] = {
    "response": lambda key, objects: json.dumps(response(key, objects, errors=[])),
    "indented": lambda key, objects: json.dumps(response(key, objects), indent=4),
    "payload": lambda key, objects: json.dumps(response(key, objects)["payload"]),
    "list": lambda _, objects: json.dumps(list(objects)),
    "list of pages": lambda key, objects: json.dumps(pages(key, objects)),
    "pages, a line each": lambda key, objects: "\n".join(map(json.dumps, pages(key, objects))),
    "objects, a line each": lambda _, objects: "\n".join(map(json.dumps, objects)) + "\n",
    "with a mark": lambda key, objects: "\ufeff  " + json.dumps(response(key, objects)),
}
