"""Every rule proves itself on its own samples."""

from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from sotctl.secrets import scan
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.rule import SecretRule


def found_by(rule: SecretRule, sample: str) -> bool:
    data = sample.encode()
    text = data.lower() if rule.fold else data
    for keyword in rule.keywords:
        position = text.find(keyword.encode())
        while position >= 0:
            if rule.at(data, position):
                return True
            position = text.find(keyword.encode(), position + 1)
    return False


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.id)
def test_a_rule_finds_its_samples_and_passes_over_what_only_looks_like_them(rule: SecretRule) -> None:
    assert rule.matches
    assert rule.misses
    assert [sample for sample in rule.matches if not found_by(rule, sample)] == []
    assert [sample for sample in rule.misses if found_by(rule, sample)] == []


def test_what_a_rule_finds_the_detector_reports() -> None:
    assert [sample for rule in all_rules() for sample in rule.matches if not scan(sample.encode())] == []


def test_a_rule_says_where_its_shape_comes_from() -> None:
    for rule in all_rules():
        assert rule.source.startswith(("https://", "RFC ", "crypt(5)"))
        assert rule.summary
        assert rule.id == rule.id.lower().replace("_", "-")


def test_rule_ids_are_unique_and_many() -> None:
    ids = [rule.id for rule in all_rules()]
    assert len(ids) == len(set(ids))
    assert len(ids) > 400


def repeats(parsed: Any) -> Iterator[tuple[Any, bool]]:
    """Yield the upper bound of every repeat of a parsed pattern, and whether it repeats a variable repeat."""
    for operation, argument in parsed:
        if operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            inner = list(repeats(argument[2]))
            yield argument[1], argument[1] is _constants.MAXREPEAT
            yield from inner
        elif operation is _constants.SUBPATTERN:
            yield from repeats(argument[3])
        elif operation is _constants.BRANCH:
            for branch in argument[1]:
                yield from repeats(branch)


def test_no_pattern_repeats_without_bound() -> None:
    """A bounded repeat costs at most its bound at each place; `+` and `*` could cost the whole text."""
    assert [
        rule.id for rule in all_rules() if any(endless for _, endless in repeats(_parser.parse(rule.pattern)))
    ] == []
