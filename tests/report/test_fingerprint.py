"""A finding of a secret says its rule, its length and, under the key of the baseline, its fingerprint."""

from __future__ import annotations

import json

from samples import TOKEN, Repository
from sotctl.secrets.baseline import Baseline
from sotctl.secrets.fingerprint import fingerprint

KEY = bytes(range(32))
MARK = fingerprint(TOKEN.encode(), key=KEY)
PATH = ".sot/04-EVIDENCE/notes.txt"


def secrets(repository: Repository, *arguments: str) -> list[object]:
    findings = json.loads(repository.run(*arguments, "--json").stdout)["findings"]
    return [finding["secret"] for finding in findings if finding["rule"] == "secret"]


def test_rule_length_and_fingerprint_in_every_format(store: Repository) -> None:
    store.write(PATH, f"key {TOKEN}\n")
    for verb in (["check", "--all"], ["scan", PATH]):
        (plain,) = secrets(store, *verb)
        assert isinstance(plain, dict)
        assert (plain["length"], "fingerprint" in plain) == (len(TOKEN), False)
        assert "fingerprint" not in store.run(*verb).stdout
    store.write(".sot/secrets-baseline.json", Baseline(key=KEY).to_bytes())
    for verb in (["check", "--all"], ["scan", PATH]):
        assert secrets(store, *verb) == [{**plain, "fingerprint": MARK}]
        assert MARK in store.run(*verb).stdout
        (result,) = json.loads(store.run(*verb, "--format", "sarif").stdout)["runs"][0]["results"]
        assert result["partialFingerprints"] == {"sotctlSecret/v1": MARK}
