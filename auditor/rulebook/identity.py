"""What keeps a finding the same finding from run to run."""

from __future__ import annotations

import base64
import hashlib


def finding_id(rule_id: str, identity: str) -> str:
    """The ID that the same facts give in every run; its first letter keeps spreadsheets from reading a number."""
    digest = hashlib.sha256(f"{rule_id}|{identity}".encode()).digest()
    return "F" + base64.b32encode(digest)[:11].decode()
