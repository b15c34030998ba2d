"""A rule is tried wherever its pattern could hold: no keyword is narrower than what it stands for."""

import itertools
import re

import pytest

from secrets_generated import texts_of
from sotctl.secrets import bulk
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.names import _PASSWORD, _SECRET, WORDS, strength
from sotctl.secrets.rule import SecretRule

TEXTS = 12
PATTERNED = [rule for rule in all_rules() if rule.pattern]


def keyword_places(rule: SecretRule, text: bytes) -> list[int]:
    searched = text.lower() if rule.fold else text
    literals = [re.escape(keyword.encode("latin-1")) for keyword in rule.keywords]
    return [match.start() for literal in literals for match in re.finditer(b"(?=%b)" % literal, searched)]


def is_tried(rule: SecretRule, text: bytes, span: tuple[int, int], places: list[int]) -> bool:
    """Tell whether the rule, tried at *places*, comes to *span*; a finder needs a place where its text begins."""
    if rule.find is not None:
        return any(place <= span[1] for place in places)
    return any(span in rule.at(text, place) for place in places if place >= 0)


@pytest.mark.slow
def test_every_text_that_a_pattern_takes_is_found(engine: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = bulk._engine
    assert fast is not None
    missed: dict[str, list[bytes]] = {}
    for rule in PATTERNED:
        monkeypatch.setattr(rule, "accept", None)
        written = list(texts_of(rule, TEXTS))
        assert len(written) >= TEXTS // 2, f"{rule.id}: too few of the texts are taken to show anything"
        seen = {number: hits for number, hits, _ in fast.look([text for text, _ in written])}
        for number, (text, span) in enumerate(written):
            aided = [place for place, found in seen.get(number, []) if found is rule]
            if not is_tried(rule, text, span, keyword_places(rule, text)) or not is_tried(rule, text, span, aided):
                missed.setdefault(rule.id, []).append(text[:200])
    assert missed == {}


STYLES = (*("{}", "db_{}", "db-{}", "db.{}", "DB_{}", "{}_prod"),)
SEPARATORS = ("=", ": ", " = ", '": "', "' => '", "        = ", "\t=\t", " := ", ">", " : ", "', '", " || '")


def test_every_name_that_says_secret_is_looked_at() -> None:
    words = [word.encode("latin-1") for word in WORDS]
    missed = [
        (name, style, separator)
        for name, style, separator in itertools.product(sorted(_PASSWORD | _SECRET), STYLES, SEPARATORS)
        if strength(style.format(name.decode()).encode())
        and not any(map((style.format(name.decode()) + separator).lower().encode().__contains__, words))
    ]
    assert missed == []
