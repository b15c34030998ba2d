"""With hyperscan and without, the same is found."""

import base64
import gzip
import random
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.secrets.corpora import disguised, governed, shapes_in_carriers, structured
from benchmarks.secrets.planted import planted_files
from benchmarks.secrets.vendor_examples import examples
from sotctl.secrets import Secret, bulk, prepare, scan, scan_all
from sotctl.secrets.catalogue import all_rules

pytestmark = pytest.mark.slow  # each takes little, all together take long

SEED = 41


TOKEN = b"ghp_" + b"aB3dE6gH9" * 4
PIECES = (
    TOKEN, TOKEN[:20], TOKEN[20:], b"pass" + b"word", b"=", b": ", b"=3D", b"\n", b"\r\n", b"\"", b"\0", b"Xy7#kQ9z!w",
    b"a word and a longer-one-12345", base64.b64encode(b"token = " + TOKEN), TOKEN.hex().encode(),
    TOKEN.decode().encode("utf-16-le"), TOKEN.replace(b"_", b"%5F"), gzip.compress(TOKEN, mtime=0),
)  # fmt: skip


def corpus() -> bytes:
    samples = {
        **shapes_in_carriers(SEED),
        **structured(SEED),
        **{f"d-{name}": data for name, data in disguised(SEED).items()},
        **planted_files(SEED, 1),
        **examples(SEED),
    }
    filler = b"\n\n".join(governed(SEED).values())
    return b"\n\n".join(
        piece for data in samples.values() if b"\0" not in data and data.isascii() for piece in (data, filler[:300])
    )


def test_both_engines_find_the_same(engine: bytes) -> None:
    data = corpus()
    fast = scan(data)
    bulk._engine = None
    slow = scan(data)
    assert len(slow) > 600
    assert difference(fast, slow) == []


OTHER_LETTERS = {
    "letters": bytes.maketrans(b"0123456789", b"qZmXvKwYbJ"),
    "joints": bytes.maketrans(b"0123456789", b"-" * 10),
    "signs": bytes.maketrans(b"0123456789", b"!@#$%^&*~+"),
    "lower": bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz"),
}


@pytest.mark.parametrize("letters", OTHER_LETTERS.values(), ids=list(OTHER_LETTERS))
def test_both_engines_find_the_same_in_values_of_other_letters(engine: bytes, letters: bytes) -> None:
    aided = bulk._engine
    for name, data in {**structured(SEED), **planted_files(SEED, 1), **examples(SEED)}.items():
        text = data.translate(letters)
        bulk._engine = aided
        fast = scan(text)
        bulk._engine = None
        assert scan(text) == fast, name


@pytest.mark.usefixtures("engine")
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map(b"".join), max_size=8))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_together_the_same_is_found_as_one_by_one(texts: list[bytes]) -> None:
    assert list(scan_all([(text, "") for text in texts])) == [scan(text) for text in texts]


def test_of_many_texts_each_has_its_own_findings(engine: bytes) -> None:
    texts = [*shapes_in_carriers(SEED).values(), *planted_files(SEED, 1).values(), *disguised(SEED).values()]
    texts += [data[len(data) // 3 :] for data in texts] + [data[: len(data) // 2] for data in texts]
    random.Random(SEED).shuffle(texts)
    assert list(scan_all([(text, "") for text in texts])) == [scan(text) for text in texts]


@pytest.mark.parametrize("end", [b"=", b"=\r", b"x="])
def test_the_end_of_a_text_is_none_of_its_lines(engine: bytes, end: bytes) -> None:
    aided = bulk._engine
    texts = [rule.matches[0].encode("latin-1", "replace") + end for rule in all_rules()]
    together = list(scan_all([(text, "") for text in texts]))
    bulk._engine = None
    alone = [scan(text) for text in texts]
    bulk._engine = aided
    assert together == alone


def difference(first: list[Secret], second: list[Secret]) -> list[Secret]:
    return sorted(set(first) ^ set(second))


def test_a_large_blob_holds_the_findings_of_its_parts(engine: bytes) -> None:
    parts = list(shapes_in_carriers(SEED).values())
    assert len(scan(b"\n\n".join(parts))) >= len(parts) * 0.99


def test_a_database_is_loaded_from_its_bytes(engine: bytes) -> None:
    assert prepare(engine) == engine


@pytest.mark.parametrize("kept", [0, 0.5], ids=["of another version", "half"])
def test_a_database_that_does_not_load_is_built_again(engine: bytes, kept: float) -> None:
    assert prepare(engine[: int(len(engine) * kept)] or b"0.0.0-00000000\nnonsense") == engine


def test_a_hook_that_must_not_wait_goes_on_without_a_database(engine: bytes) -> None:
    bulk._engine = None
    assert prepare(b"", build=False) == b""
    assert bulk._engine is None
    assert prepare(engine, build=False) == engine


@pytest.fixture
def asked(engine: bytes) -> Iterator[list[bool]]:
    """Whether building was wanted, each time the engine was asked for; it does not come."""
    bulk._engine = None
    times: list[bool] = []
    bulk.on_demand(times.append)
    yield times
    bulk.on_demand(None)


def _words(count: int) -> bytes:
    """Words that do not repeat themselves, which would be shortened."""
    return b" ".join(b"%x" % (number * number) for number in range(count))


def test_a_database_of_other_rules_is_built_again(engine: bytes) -> None:
    made = prepare(source=b"the rules of today")
    assert prepare(made, build=False, source=b"the rules of today") == made
    assert prepare(made, build=False, source=b"the rules of tomorrow") == b""


def test_the_engine_is_asked_for_once_it_would_pay(asked: list[bool]) -> None:
    scan(b"word " * 600)
    assert asked == []
    for _ in range(100):
        scan(b"word " * 2000)
    assert asked == [False]
    scan(_words(1 << 18))
    assert asked == [False, True]


def test_an_engine_that_came_is_not_asked_for_again(asked: list[bool], engine: bytes) -> None:
    bulk.on_demand(lambda build: (asked.append(build), prepare(engine)))
    scan(_words(1 << 19))
    assert asked == [False]


TOKEN = ("sk-" + "ant-" + "api03-" + "aB3dE6gH9k" * 9 + "AA").encode()
WRAPPED = base64.b64encode(b"value=" + TOKEN)


@pytest.mark.parametrize(
    "data",
    [
        WRAPPED[:60] + b"\n" + WRAPPED[60:],
        WRAPPED[:60] + b"\n" + WRAPPED[60:64] + b"\n" + WRAPPED[64:68] + b"\n" + WRAPPED[68:] + b"\n",
        b'key: "' + TOKEN[:50] + b"\n" + TOKEN[50:] + b'",\nmore\n',
        b"> " + TOKEN[:50] + b" |\n>   " + TOKEN[50:] + b" |\n",
        b"=3D" + TOKEN + b"=\nmore text\n",
        b"text\n" + TOKEN[:70] + b"=\n" + TOKEN[70:] + b"\n",
        WRAPPED.hex().encode(),
        base64.b64encode(base64.b64encode(WRAPPED)),
        TOKEN.decode().encode("utf-32-be"),
        base64.b64encode(TOKEN.decode().encode("utf-16-le")),
        base64.b64encode(b"\0user\0" + TOKEN),  # as SASL's PLAIN has it
        b"path/to/" + base64.b64encode(b"say " + TOKEN),
        b"ab\t|\n" + TOKEN[:50] + b"\t|\n" + TOKEN[50:],
        zlib.compress(b"value " + TOKEN + b"\n"),
    ],
    ids=lambda data: f"{data[:12]!r}",
)
def test_both_engines_see_through_the_same(engine: bytes, data: bytes) -> None:
    fast = scan(data)
    bulk._engine = None
    assert fast == scan(data) != []


@pytest.mark.parametrize("before", ["", "\n", "a line of words\n\n"])
@pytest.mark.parametrize("width", [16, 60, 76])
def test_a_word_cut_by_line_breaks_from_the_first_byte_is_put_together(engine: bytes, before: str, width: int) -> None:
    word = base64.b64encode(("say " * 9 + "gh" + "p_" + "aB3dE6gH9k" * 3 + "aB3dE6").encode()).decode()
    data = (before + "\n".join(word[at : at + width] for at in range(0, len(word), width)) + "\n").encode()
    fast = scan(data)
    bulk._engine = None
    assert scan(data) == fast
    assert fast


PUBLIC = b"AAAAB3NzaC1yc2EAAAADAQABAAACAQD" + base64.b64encode(random.Random(SEED).randbytes(512))
PUBLIC_MATERIAL = {
    "ssh-rsa": b'known_hosts_key="ssh-rsa ' + PUBLIC + b' ada@example.com"\n',
    "certificate": b'{"signing_key": "-----BEGIN CERTIFICATE-----\\n' + PUBLIC + b'\\n-----END CERTIFICATE-----"}\n',
    "integrity": b'  "token": {"integrity": "sha512-' + base64.b64encode(random.Random(1).randbytes(64)) + b'"},\n',
    "source map": b"//# sourceMappingURL=data:application/json;base64,"
    + base64.b64encode(b'{"version":3,"sources":["key.js"],"mappings":"' + b"AACA,GAAQ;" * 80 + b'"}')
    + b"\n",
}


def _filler() -> bytes:
    """More than a block, of lines that do not repeat themselves."""
    return b"".join(b"say %05d words ok.\n" % number for number in range(bulk.BLOCK_BYTES // 16))


@pytest.mark.parametrize("with_engine", [True, False], ids=["engine", "alone"])
@pytest.mark.parametrize("material", PUBLIC_MATERIAL.values(), ids=list(PUBLIC_MATERIAL))
def test_public_material_is_none_the_less_public_across_a_border_of_blocks(
    engine: bytes, with_engine: bool, material: bytes
) -> None:
    if not with_engine:
        bulk._engine = None
    filler = _filler()
    assert scan(filler[:2000] + material + filler[:2000]) == []
    for border in (bulk.BLOCK_BYTES, bulk.BLOCK_BYTES - bulk.BEFORE_BYTES):
        for place in range(border - 64, border + 2, 3 if with_engine else 13):
            assert scan(filler[: place - 1] + b"\n" + material + filler[:20_000]) == [], place


@pytest.mark.parametrize("with_engine", [True, False], ids=["engine", "alone"])
def test_a_secret_is_found_wherever_it_lies_to_a_border_of_blocks(engine: bytes, with_engine: bool) -> None:
    if not with_engine:
        bulk._engine = None
    secret = b"token = ghp_" + b"aB3dE6gH9" * 4 + b"\n"
    filler = _filler()
    for border in (bulk.BLOCK_BYTES - bulk.BEFORE_BYTES, bulk.BLOCK_BYTES, bulk.BLOCK_BYTES + bulk.OVERLAP_BYTES):
        for place in range(border - len(secret) - 1, border + 2, 3 if with_engine else 13):
            (found,) = scan(filler[: place - 1] + b"\n" + secret + filler[:20_000])
            assert found.start == place + len(b"token = ")


def test_a_keyword_with_a_blank_is_found_in_a_large_file_without_the_engine(engine: bytes) -> None:
    bulk._engine = None
    assert scan(b"x\n" * 20_000 + b"SSWS " + b"00" + b"aB3dE6gH9k" * 4)
