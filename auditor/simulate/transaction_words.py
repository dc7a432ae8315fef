"""How a transaction report reads in each language: its header, words, dates and numbers.

Seen in public files: US, AE, FR, IT, ES and JP; the others come from public code. Sources:
https://github.com/Moloka-Store/moloka-app, https://github.com/devilman-lab/cony-management-system
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: What the columns of each layout hold, in order. Only totals are money of a row that is no order.
WIDE = (
    *("date", "settlement", "type", "order", "sku", "description", "quantity", "marketplace", "fulfilment"),
    *("city", "state", "postal", "tax model", "sales", "sales tax", "shipping", "shipping tax", "wrap", "wrap tax"),
    *("promotion", "promotion tax", "withheld", "selling", "fba", "other fees", "other", "total"),
)
NARROW = (
    *("date", "settlement", "type", "order", "sku", "description", "quantity", "marketplace", "fulfilment"),
    *("city", "state", "postal", "sales", "shipping", "wrap", "promotion", "sales tax", "withheld"),
    *("selling", "fba", "other fees", "other", "total"),
)
WITH_POINTS = (*WIDE[:19], "points", *WIDE[19:])

_ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec".title().split()
_SPANISH = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]
_FRENCH = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
_ENGLISH_TYPES = {"Order": "Order", "Refund": "Refund", "Adjustment": "Adjustment", "Transfer": "Transfer"}
_FRENCH_TYPES = {
    "Order": "Commande", "Refund": "Remboursement", "Adjustment": "Ajustement", "Transfer": "Transfert",
}  # fmt: skip
_FRENCH_STOCK = "Remboursement stock Expédié par Amazon"


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the report.

    `moment` prints a day with `{d} {dd} {mm} {month} {yyyy}`; `amounts_in` is the line that states the `{currency}`;
    `signs` are its minus, thousands and decimal signs; `mark` begins the file with a byte order mark.
    """

    header: str
    amounts_in: str
    moment: str
    signs: tuple[str, str, str]
    types: Mapping[str, str]
    stock: str = "FBA Inventory Reimbursement"
    seller: str = "Seller"
    months: list[str] = field(default_factory=lambda: _ENGLISH)
    layout: tuple[str, ...] = WIDE
    mark: bool = False


_ENGLISH_WIDE = (
    "date/time|settlement id|type|order id|sku|description|quantity|marketplace|fulfillment|order city|order state"
    "|order postal|tax collection model|product sales|product sales tax|shipping credits|shipping credits tax"
    "|gift wrap credits|giftwrap credits tax|promotional rebates|promotional rebates tax|marketplace withheld tax"
    "|selling fees|fba fees|other transaction fees|other|total"
)
_ENGLISH_NARROW = (
    "date/time|settlement id|type|order id|sku|description|quantity|marketplace|fulfillment|order city|order state"
    "|order postal|product sales|shipping credits|gift wrap credits|promotional rebates|sales tax collected"
    "|Marketplace Facilitator Tax|selling fees|fba fees|other transaction fees|other|total"
)
_FRENCH_WIDE = (
    "date/heure|numéro de versement|type|numéro de la commande|sku|description|quantité|Marketplace|traitement"
    "|ville d'où provient la commande|Région d'où provient la commande|code postal|Modèle de perception des taxes"
    "|ventes de produits|Taxes sur la vente des produits|crédits d'expédition|taxe sur les crédits d’expédition"
    "|crédits sur l'emballage cadeau|Taxes sur les crédits cadeaux|Rabais promotionnels"
    "|Taxes sur les remises promotionnelles|Taxes retenues sur le site de vente|frais de vente"
    "|Frais Expédié par Amazon|autres frais de transaction|autre|total"
)

LANGUAGES: dict[str, Words] = {
    "us": Words(
        header=_ENGLISH_WIDE,
        amounts_in="All amounts in {currency}, unless specified",
        moment="{month} {d}, {yyyy} 8:49:04 AM PST",
        signs=("-", ",", "."),
        types=_ENGLISH_TYPES,
    ),
    "ae": Words(
        header=_ENGLISH_NARROW,
        amounts_in="All amounts in {currency}, unless specified",
        moment="{d} {month} {yyyy} 8:49:04 PM UTC",
        signs=("-", ",", "."),
        types=_ENGLISH_TYPES,
        layout=NARROW,
    ),
    "ca": Words(
        header=_ENGLISH_WIDE,
        amounts_in="All amounts in {currency}, unless specified",
        moment="{month} {d}, {yyyy} 8:49:04 a.m. PST",
        signs=("-", ",", "."),
        types=_ENGLISH_TYPES,
        months=[*(f"{name}." if name != "May" else name for name in _ENGLISH)],
    ),
    "uk": Words(
        header=_ENGLISH_WIDE.replace("settlement id|type|order id", "settlement ID|type|order ID")
        .replace("fulfillment", "fulfilment")
        .replace("|shipping credits|", "|postage credits|"),
        amounts_in="All amounts in {currency}, unless specified",
        moment="{d} {month} {yyyy} 08:49:04 UTC",
        signs=("-", ",", "."),
        types=_ENGLISH_TYPES,
    ),
    "mx": Words(
        header="fecha/hora|Id. de liquidación|tipo |Id. del pedido|sku|descripción|cantidad|marketplace|cumplimiento"
        "|ciudad del pedido|estado del pedido|código postal del pedido|modelo de recaudación de impuestos"
        "|ventas de productos|impuesto de ventas de productos|créditos de envío|impuesto de abono de envío"
        "|créditos por envoltorio de regalo|impuesto de créditos de envoltura|descuentos promocionales"
        "|impuesto de reembolsos promocionales|impuesto de retenciones en la plataforma|tarifas de venta|tarifas fba"
        "|tarifas de otra transacción|otro|total",
        amounts_in="Todos los importes en dólares, a menos que se especifique lo contrario",
        moment="{d} {month} {yyyy} 08:49:04 GMT-8",
        signs=("-", ",", "."),
        types={"Order": "Pedido", "Refund": "Reembolso", "Adjustment": "Ajuste", "Transfer": "Transferir"},
        seller="Vendedor",
        months=_SPANISH,
    ),
    "es": Words(
        header="fecha y hora|identificador de pago|tipo|número de pedido|sku|descripción|cantidad|web de Amazon"
        "|gestión logística|ciudad de procedencia del pedido|comunidad autónoma de procedencia del pedido"
        "|código postal de procedencia del pedido|Formulario de recaudación de impuestos|ventas de productos"
        "|impuesto de ventas de productos|abonos de envío|impuestos por abonos de envío"
        "|abonos de envoltorio para regalo|giftwrap credits tax|devoluciones promocionales|promotional rebates tax"
        "|impuesto retenido en el sitio web|tarifas de venta|tarifas de Logística de Amazon"
        "|tarifas de otras transacciones|otro|total",
        amounts_in="Todos los importes en {currency}, a menos que se especifique lo contrario",
        moment="{d} {month} {yyyy} 23:21:47 UTC",
        signs=("-", "\u00a0", ","),
        types={"Order": "Pedido", "Refund": "Reembolso", "Adjustment": "Ajuste", "Transfer": "Transferir"},
        stock="Reembolso de inventario de Logística de Amazon",
        seller="Vendedor",
        months=_SPANISH,
        mark=True,
    ),
    "it": Words(
        header="Data/Ora:|Numero pagamento|Tipo|Numero ordine|SKU|Descrizione|Quantità|Marketplace|Gestione"
        "|Città di provenienza dell'ordine|Provincia di provenienza dell'ordine|CAP dell'ordine"
        "|modello di riscossione delle imposte|Vendite|imposta sulle vendite dei prodotti"
        "|Accrediti per le spedizioni|imposta accrediti per le spedizioni|Accrediti per confezioni regalo"
        "|imposta sui crediti confezione regalo|Sconti promozionali|imposta sugli sconti promozionali"
        "|trattenuta IVA del marketplace|Commissioni di vendita|Costi del servizio Logistica di Amazon"
        "|Altri costi relativi alle transazioni|Altro|totale",
        amounts_in="Tutti gli importi sono espressi in {currency}, se non diversamente specificato.",
        moment="{d} {month} {yyyy} 23.21.47 UTC",
        signs=("-", "\u00a0", ","),
        types={"Order": "Ordine", "Refund": "Rimborso", "Adjustment": "Modifica", "Transfer": "Trasferimento"},
        stock="Rimborso inventario Logistica di Amazon",
        seller="Venditore",
        months=["gen", "feb", "mar", "apr", "mag", "giu", "lug", "ago", "set", "ott", "nov", "dic"],
        mark=True,
    ),
    "fr": Words(
        header=_FRENCH_WIDE,
        amounts_in="Tous les montants sont en {currency}, sauf mention contraire.",
        moment="{d} {month} {yyyy} 23:21:47 UTC",
        signs=("-", "\u202f", ","),
        types=_FRENCH_TYPES,
        stock=_FRENCH_STOCK,
        seller="Vendeur",
        months=_FRENCH,
        mark=True,
    ),
    "be": Words(
        header=_FRENCH_WIDE.replace("numéro de versement", "Identifiant du paiement")
        .replace("numéro de la commande|sku", "Numéro de la commande|SKU")
        .replace("Marketplace", "site de vente")
        .replace("crédits d'expédition", "crédits d’expédition")
        .replace("Rabais promotionnels", "Total des réductions")
        .replace("Frais Expédié par Amazon", "Frais pour le service Expédié par Amazon"),
        amounts_in="Tous les montants sont en {currency}, sauf mention contraire.",
        moment="{d} {month} {yyyy} 23:21:47 UTC",
        signs=("-", "\u00a0", ","),
        types=_FRENCH_TYPES,
        stock=_FRENCH_STOCK,
        seller="Vendeur",
        months=_FRENCH,
    ),
    "de": Words(
        header="Datum/Uhrzeit|Abrechnungsnummer|Typ|Bestellnummer|SKU|Beschreibung|Menge|Marketplace|Versand"
        "|Ort der Bestellung|Bundesland|Postleitzahl|Steuererhebungsmodell|Umsätze|Produktumsatzsteuer"
        "|Gutschrift für Versandkosten|Steuer auf Versandgutschrift|Gutschrift für Geschenkverpackung"
        "|Steuer auf Geschenkverpackungsgutschriften|Rabatte aus Werbeaktionen|Steuer auf Aktionsrabatte"
        "|Einbehaltene Steuer auf Marketplace|Verkaufsgebühren|Gebühren zu Versand durch Amazon"
        "|Andere Transaktionsgebühren|Andere|Gesamt",
        amounts_in="Alle Beträge in {currency} sofern nicht anders gekennzeichnet",
        moment="{dd}.{mm}.{yyyy} 08:49:04 UTC",
        signs=("-", ".", ","),
        types={"Order": "Bestellung", "Refund": "Erstattung", "Adjustment": "Anpassung", "Transfer": "Übertrag"},
        stock="Versand durch Amazon Erstattung für Lagerbestand",
        seller="Verkäufer",
    ),
    "nl": Words(
        header="datum/tijd|schikkings-ID|type|bestelnummer|sku|beschrijving|aantal|marketplace|fulfillment"
        "|bestelling stad|status bestelling|bestelling per post|verkoop van producten|Verzendtegoeden"
        "|kredietpunten cadeauverpakking|promotiekortingen|geïnde omzetbelasting"
        "|Belasting voor marketplace-facilitator|verkoopkosten|fba-vergoedingen|overige transactiekosten|overige"
        "|totaal",
        amounts_in="Alle bedragen in {currency}, tenzij anders vermeld",
        moment="{d} {month} {yyyy} 08:49:04 UTC",
        signs=("-", ".", ","),
        types={"Order": "Bestelling", "Refund": "Terugbetaling", "Adjustment": "Aanpassing", "Transfer": "Overdracht"},
        seller="Verkoper",
        months=["jan.", "feb.", "mrt.", "apr.", "mei", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec."],
        layout=NARROW,
    ),
    "se": Words(
        header="datum/tid|reglerings-id|typ|beställnings-id|sku|beskrivning|antal|marknadsplats|leverans"
        "|stad för beställning|delstat för beställning|postadress för beställning|försäljning av produkter"
        "|fraktkrediter|krediter för presentinslagning|kampanjrabatter|Inkasserad moms"
        "|skatt för marknadsplatsförmedlare|försäljningsavgifter|fba-avgifter|övriga transaktionsavgifter|övrigt"
        "|totalt",
        amounts_in="Alla belopp i {currency} om inget annat anges",
        moment="{d} {month} {yyyy} 08:49:04 UTC",
        signs=("\u2212", "\u00a0", ","),
        types={"Order": "Beställning", "Refund": "Återbetalning", "Adjustment": "Justering", "Transfer": "Överföring"},
        seller="Säljare",
        months=["jan.", "feb.", "mars", "apr.", "maj", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "dec."],
        layout=NARROW,
    ),
    "pl": Words(
        header="data/godzina|identyfikator rozliczenia|typ|identyfikator zamówienia|sku|opis|ilość|rynek|realizacja"
        "|miejscowość zamówienia|stan zamówienia|przekaz pocztowy|sprzedaż produktów|noty kredytowe za wysyłkę"
        "|środki na pokrycie pakowania na prezent|rabaty promocyjne|pobrany podatek od sprzedaży"
        "|podatek od transakcji marketplace facilitator|opłaty za sprzedaż|opłaty za fba|inne opłaty transakcyjne"
        "|inne|suma",
        amounts_in="Wszystkie kwoty w {currency}, o ile nie podano inaczej",
        moment="{d} {month} {yyyy} 08:49:04 UTC",
        signs=("-", "\u00a0", ","),
        types={"Order": "Zamówienie", "Refund": "Zwrot kosztów", "Adjustment": "Korekta", "Transfer": "Przelew"},
        seller="Sprzedawca",
        months=["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"],
        layout=NARROW,
    ),
    "jp": Words(
        header="日付/時間|決済番号|トランザクションの種類|注文番号|SKU|説明|数量|Amazon 出品サービス|フルフィルメント"
        "|市町村|都道府県|郵便番号|税金徴収型|商品売上|商品の売上税|配送料|配送料の税金|ギフト包装手数料"
        "|ギフト包装クレジットの税金|Amazonポイントの費用|プロモーション割引額|プロモーション割引の税金"
        "|源泉徴収税を伴うマーケットプレイス|手数料|FBA 手数料|トランザクションに関するその他の手数料|その他|合計",
        amounts_in="指定のない場合、単位は円",
        moment="{yyyy}/{mm}/{dd} 08:49:04 JST",
        signs=("-", ",", "."),
        types={"Order": "注文", "Refund": "返金", "Adjustment": "調整", "Transfer": "振込み"},
        stock="FBA在庫の返金",
        seller="出品者",
        layout=WITH_POINTS,
    ),
}
