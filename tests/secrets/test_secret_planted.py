"""Configuration files and vendors' snippets: what was planted in them is found, and stand-ins raise no alarm."""

import pytest

from benchmarks.secrets import planted, vendor_examples
from benchmarks.secrets.vendor_examples.vendors import GAP, VENDORS
from sotctl.secrets import scan

pytestmark = pytest.mark.slow  # each takes little, all together take long

SEED = 50
FILES = planted.planted_files(SEED)


def test_the_corpora_are_the_same_for_a_seed_and_others_for_another() -> None:
    for make in (planted.planted_files, vendor_examples.examples):
        assert make(SEED) == make(SEED)
        assert make(SEED) != make(SEED + 1)
        assert make(SEED).keys() == make(SEED).keys()


@pytest.mark.parametrize("name", planted.PLANTED)
def test_the_planted_value_stands_in_its_file_and_nowhere_else_in_it(name: str) -> None:
    kind = planted.PLANTED[name]
    for index in range(5):
        value = kind.put(planted.planted_value(SEED, index, name))
        assert FILES[f"{index}/{name}"].decode() == value.join(kind.text.split(GAP))
        assert kind.text.count(GAP) == 1


def test_a_vendors_value_stands_in_every_snippet_of_it() -> None:
    values, snippets = vendor_examples.example_values(SEED), vendor_examples.examples(SEED)
    assert values.keys() == snippets.keys()
    assert [path for path, value in values.items() if value not in snippets[path]] == []


def test_there_are_many_kinds() -> None:
    assert len(planted.PLANTED) >= 200
    assert len(VENDORS) >= 100


def test_stand_ins_raise_no_alarm() -> None:
    twins = {**planted.planted_twins(), **vendor_examples.example_twins(SEED)}
    assert [(path, found) for path, data in twins.items() if (found := scan(data, path=path))] == []


def found_in(data: bytes, path: str, value: bytes) -> bool:
    """Tell whether a finding covers some of *value*, and not only something else in the file."""
    start = data.index(value)
    return any(
        secret.start < start + len(value) and start < secret.start + secret.length for secret in scan(data, path=path)
    )


def test_what_was_planted_is_found_where_it_stands() -> None:
    missed = []
    for path, data in FILES.items():
        index, _, name = path.partition("/")
        value = planted.PLANTED[name].put(planted.planted_value(SEED, int(index), name)).encode()
        if not found_in(data, path, value):
            missed.append(path)
    assert len(missed) <= len(FILES) * 0.06


def test_what_stands_in_vendors_snippets_is_found_where_it_stands() -> None:
    snippets, values = vendor_examples.examples(SEED), vendor_examples.example_values(SEED)
    missed = [path for path, data in snippets.items() if not found_in(data, path, values[path])]
    assert len(missed) <= len(snippets) * 0.05
