"""What hostile text costs is bounded, and what lies beyond a bound is a finding: nothing unsearched passes."""

import base64
import gzip
import io
import random
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from datetime import date

import pytest

from sotctl.secrets import bounds, bulk, detector, prepare, scan, stream
from sotctl.secrets.baseline import Baseline, BaselineError
from sotctl.secrets.bounds import MOST_FOUND, UNSEARCHED
from sotctl.secrets.catalogue import all_rules
from sotctl.secrets.finding import as_finding
from sotctl.secrets.reasons import SECRETS_UNSEARCHED
from sotctl.secrets.rule import SecretRule
from sotctl.secrets.rules import kubernetes
from sotctl.secrets.stream import scan_stream, values

pytestmark = pytest.mark.slow  # each takes little, all together take long

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
PASSWORD = "pass" + "word"
chance = random.Random(11)


@pytest.fixture(autouse=True)
def _the_same_every_time() -> None:
    chance.seed(11)


def some(count: int, letters: str = LETTERS) -> str:
    return "".join(chance.choices(letters, k=count))


UNITS: dict[str, Callable[[], str]] = {
    "passwords": lambda: f"{PASSWORD}={some(16, '0123456789abcdef')}\n",
    "keys": lambda: f'api_{"key"}: "{some(24)}"\n',
    "private keys": lambda: f"-----BEGIN PRIVATE {'KEY'}-----\n{some(40)}\n",
    "URLs": lambda: f"https://ada:{some(9)}@{some(6)}.net/\n",
    "web tokens": lambda: f"ey{'J'}hbGci{some(12)}.ey{'J'}{some(20)}.{some(24)}\n",
    "headers": lambda: "Authorization: Basic " + base64.b64encode(f"ada:{some(9)}".encode()).decode() + "\n",
    "percent signs": lambda: "".join(f"%{ord(letter):02X}" for letter in f"{PASSWORD}={some(12)}\n") + "&",
    "manifests": lambda: f"kind: Secret\ndata:\n  {some(5)}: {base64.b64encode(some(9).encode()).decode()}\n",
    "long lines": lambda: f"token={some(20)}&",
    "prefixes": lambda: f"gh{'p_'}{some(36)} ",
}  # fmt: skip


def text_of(unit: Callable[[], str], size: int) -> bytes:
    pieces: list[str] = []
    held = 0
    while held < size:
        pieces.append(unit())
        held += len(pieces[-1])
    return "".join(pieces).encode()


FEW_FOUND = 100


@pytest.fixture
def _few_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the bound, so that a small text reaches it."""
    monkeypatch.setattr(bounds, "_MOST_PLACES", 2 * FEW_FOUND)
    for module in (detector, stream):
        monkeypatch.setattr(module, "MOST_FOUND", FEW_FOUND)


@pytest.mark.usefixtures("either_engine", "_few_found")
@pytest.mark.parametrize("unit", UNITS.values(), ids=list(UNITS))
def test_a_text_of_secrets_is_searched_as_far_as_it_is_reported(
    unit: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long it is: what is found costs the same in two texts of which one is three times as long."""
    judged = [0]
    at = SecretRule.at

    def counted(rule: SecretRule, data: bytes, position: int) -> object:
        spans = at(rule, data, position)
        judged[0] += bool(spans)
        return spans

    monkeypatch.setattr(SecretRule, "at", counted)
    found = scan(text_of(unit, 24_000))
    assert len(found) <= FEW_FOUND + 1
    assert found[-1].rule == UNSEARCHED.id
    assert found[-1].start + found[-1].length >= 24_000
    once = judged[0]
    scan(text_of(unit, 72_000))
    assert judged[0] - once <= once * 1.5


WORDS: dict[str, Callable[[], str]] = {
    "keys": lambda: f"{chance.choice(['key', 'token', 'secret'])}={some(2)}\n",
    "prose": lambda: f"token {some(7, 'abcdefgh')}. ",
    "wide": lambda: "\0".join(f"key={some(3)}\n") + "\0",
    "packed": lambda: "",
}


def words_of(name: str, size: int) -> bytes:
    """Text of nothing but keywords, without a secret."""
    return gzip.compress(text_of(WORDS["keys"], size), mtime=0) if name == "packed" else text_of(WORDS[name], size)


@pytest.fixture
def _few_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound that a small text reaches: a thousand tries, and one for a megabyte."""
    monkeypatch.setattr(bounds, "_MOST_TRIED", 1000)
    monkeypatch.setattr(bounds, "_BYTES_A_TRY", 1 << 20)


@pytest.mark.usefixtures("either_engine", "_few_tries")
@pytest.mark.parametrize("name", WORDS)
def test_a_text_of_keywords_is_searched_up_to_a_bound(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = [0]
    at = SecretRule.at

    def counted(rule: SecretRule, data: bytes, position: int) -> object:
        tried[0] += rule.counts
        return at(rule, data, position)

    monkeypatch.setattr(SecretRule, "at", counted)
    data = words_of(name, 60_000)
    (rest,) = scan(data)
    assert (rest.rule, rest.start + rest.length) == (UNSEARCHED.id, len(data))
    assert tried[0] <= 1000 + len(all_rules())


@pytest.mark.usefixtures("either_engine")
def test_a_large_table_of_keys_is_searched_whole() -> None:
    assert scan(text_of(lambda: f'{{"Key": "name{some(3)}", "Value": "{some(4)}"}},\n', 1_000_000)) == []


@pytest.mark.usefixtures("_few_tries")
def test_a_stream_counts_the_keywords_of_all_its_windows() -> None:
    window = text_of(WORDS["keys"], 5000) + b"\n".join(b"say %d words" % number for number in range(100_000)) + b"\n"
    assert list(scan_stream([window])) == []
    *_, rest = scan_stream(window for _ in range(4))
    assert rest.rule == UNSEARCHED.id


@pytest.mark.usefixtures("_few_tries", "_few_found")
def test_both_engines_stop_at_the_same_place(engine: bytes) -> None:
    for data in [text_of(unit, 24_000) for unit in UNITS.values()] + [words_of(name, 60_000) for name in WORDS]:
        prepare(engine)
        fast = scan(data)
        bulk._engine = None
        assert scan(data) == fast


def test_what_a_file_of_many_secrets_holds_before_the_bound_is_placed_exactly() -> None:
    lines = [f"{PASSWORD}=hQ7{some(9)}zK{number % 10}\n" for number in range(MOST_FOUND + 50)]
    found = scan("".join(lines).encode())
    assert [secret.line for secret in found] == list(range(1, MOST_FOUND + 2))
    assert {secret.rule for secret in found[:-1]} == {"secret-assignment"}
    assert found[-1].rule == UNSEARCHED.id
    assert scan("".join(lines[:MOST_FOUND]).encode())[-1].rule == "secret-assignment"


def test_a_stream_stops_where_a_file_does_and_is_not_read_on() -> None:
    read = [0]

    def chunks() -> Iterator[bytes]:
        while read[0] < 600:
            read[0] += 1
            yield text_of(UNITS["passwords"], 100_000)

    found = list(scan_stream(chunks()))
    assert len(found) == MOST_FOUND + 1
    assert found[-1].rule == UNSEARCHED.id
    assert read[0] < 60


@pytest.mark.usefixtures("_few_found")
def test_few_secrets_in_each_window_of_a_stream_are_counted_together() -> None:
    window = b"\n".join(b"say %d words" % number for number in range(150_000)) + b"\n"
    piece = text_of(UNITS["passwords"], 26 * 40) + window
    found = list(scan_stream(piece for _ in range(4)))
    assert (len(found), found[-1].rule) == (FEW_FOUND + 1, UNSEARCHED.id)


def test_the_rest_of_a_file_is_a_finding_of_its_own_and_no_baseline_accepts_it() -> None:
    data = text_of(UNITS["passwords"], 100_000)
    *_, rest = scan(data)
    finding = as_finding(rest, "a.txt", "take it out")
    assert finding.rule is SECRETS_UNSEARCHED
    assert finding.message == (
        "the text is not searched for secrets from here on: it holds too many of them,"
        " too many words such as `key`, or too much packed data"
    )
    baseline = Baseline(key=b"k" * 32)
    with pytest.raises(BaselineError, match="divide the file into smaller ones"):
        baseline.with_accepted(rest, data, path="a.txt", reason="a test vector", today=date(2026, 5, 1))
    assert baseline.sorted_out([rest], data, path="a.txt") == ([rest], set())


def test_the_values_of_secrets_are_read_from_a_stream() -> None:
    data = text_of(UNITS["keys"], 30_000) + b"\n" + base64.b64encode(text_of(UNITS["passwords"], 5_000))
    found = scan(data)
    file = io.BytesIO(data)
    held = values(iter(lambda: file.read(777), b""), found)
    assert held == [data[secret.start : secret.start + secret.length] for secret in found]


def test_memory_does_not_grow_with_a_stream() -> None:
    def peak(chunks: int) -> int:
        tracemalloc.start()
        assert list(scan_stream(b"say %d words\n" % number * 30_000 for number in range(chunks))) == []
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(24) < peak(12) * 1.2


def bomb() -> bytes:
    """A hundred kilobytes that hold 250 times 4 MiB."""
    return gzip.compress(gzip.compress(b"a line of words\n" * (1 << 18), mtime=0) * 250, mtime=0)


@pytest.mark.usefixtures("either_engine")
def test_packed_data_is_unpacked_within_a_bound_and_the_rest_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    data = bomb()
    unpacked = [0]
    candidates = bulk.candidates

    def counted(texts: list[bytes], reached: list[int]) -> object:
        unpacked[0] += sum(map(len, texts))
        return candidates(texts, reached)

    monkeypatch.setattr(bulk, "candidates", counted)
    (rest,) = scan(data)
    assert rest.rule == UNSEARCHED.id
    assert unpacked[0] <= (16 << 20) + 9 * len(data) + (8 << 20)


def test_a_packed_file_of_the_usual_kind_is_searched_whole() -> None:
    packed = zlib.compress(text_of(lambda: f"{some(20)} words\n", 400_000))
    assert scan(packed) == []


def test_the_manifests_of_a_list_are_each_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged = [0]
    is_held = kubernetes._is_held

    def counted(value: bytes, *, encoded: bool) -> bool:
        judged[0] += 1
        return is_held(value, encoded=encoded)

    monkeypatch.setattr(kubernetes, "_is_held", counted)
    lines = [f"- kind: Secret\n  stringData:\n    {some(5)}: changeme-{number}\n" for number in range(5000)]
    assert scan("".join(lines).encode()) == []
    assert judged[0] <= 4 * len(lines)


def test_a_rule_does_not_look_at_the_same_kilobytes_for_each_of_its_keywords() -> None:
    """A pattern that begins anywhere before its keyword ends soon behind it."""
    assert {rule.id for rule in all_rules() if rule.find is None and rule.reach and rule.window >= 640} == {
        "url-password",
        "netrc-password",
        "password-hash",
        "npm-legacy-token",
        "property-list-secret",
    }
