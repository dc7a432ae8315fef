from __future__ import annotations

import pytest

from auditor.policy import Policy

# code, region, currency, language, group
EXPECTED = """
US US USD en NA
CA CA CAD en NA
MX OTHER MXN es NA
BR OTHER BRL pt NA
UK UK GBP en EU
DE EU EUR de EU
FR EU EUR fr EU
IT EU EUR it EU
ES EU EUR es EU
NL EU EUR nl EU
SE EU SEK sv EU
PL EU PLN pl EU
BE EU EUR fr EU
IE EU EUR en EU
TR OTHER TRY tr EU
AE AE AED en EU
SA OTHER SAR en EU
EG OTHER EGP en EU
IN IN INR en EU
ZA OTHER ZAR en EU
JP JP JPY ja FE
AU AU AUD en FE
SG OTHER SGD en FE
"""


@pytest.mark.parametrize("line", EXPECTED.strip().splitlines())
def test_each_marketplace_has_its_region_currency_language_and_group(policy: Policy, line: str) -> None:
    code, *facts = line.split()
    assert [policy.region(code), policy.currency(code), policy.language(code), policy.group(code)] == facts


def test_no_marketplace_is_missing_or_too_many(policy: Policy) -> None:
    assert sorted(policy.marketplaces) == sorted(line.split()[0] for line in EXPECTED.strip().splitlines())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("US", "US"),
        ("GB", "UK"),
        ("UK", "UK"),
        ("gb", "UK"),
        ("Amazon.com", "US"),
        ("Amazon.ca", "CA"),
        ("Amazon.com.mx", "MX"),
        ("Amazon.com.br", "BR"),
        ("Amazon.co.uk", "UK"),
        ("Amazon.de", "DE"),
        ("amazon.de", "DE"),
        ("Amazon.com.be", "BE"),
        ("Amazon.com.tr", "TR"),
        ("Amazon.ae", "AE"),
        ("Amazon.co.za", "ZA"),
        ("amazon.co.jp", "JP"),
        ("Amazon.com.au", "AU"),
        ("Amazon.sg", "SG"),
        (" Amazon.it ", "IT"),
        ("CZ", "CZ"),
        ("sk", "SK"),
    ],
)
def test_a_name_in_an_export_leads_to_its_marketplace(policy: Policy, name: str, code: str) -> None:
    assert policy.marketplace_of(name) == code


@pytest.mark.parametrize(
    "name", [None, "", "  ", "Non-Amazon", "Non-Amazon US", "SI UK Prod Marketplace", "Amazon", "U1", "日本"]
)
def test_sales_outside_amazon_and_unknown_names_have_no_marketplace(policy: Policy, name: str | None) -> None:
    assert policy.marketplace_of(name) is None


def test_a_country_without_a_marketplace_is_other_and_claims_are_written_in_english(policy: Policy) -> None:
    assert policy.region("CZ") == "OTHER"
    assert policy.currency("CZ") is None
    assert policy.group("CZ") is None
    assert policy.language("CZ") == "en"
