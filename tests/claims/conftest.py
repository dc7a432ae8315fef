from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest

from auditor.claims.texts import ClaimTexts, load_claim_texts

from .examples import RULES


@pytest.fixture(scope="session")
def texts_of() -> Callable[[str], ClaimTexts]:
    loaded = {rule: load_claim_texts(files("auditor.rules") / rule) for rule in RULES}
    return loaded.__getitem__
