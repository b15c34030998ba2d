"""What the detector finds, where it says it stands, and what it does with every disguise."""

import gzip
import io
import itertools
import zipfile
import zlib

import pytest

from benchmarks.secrets.carriers import DISGUISED, DISGUISES
from benchmarks.secrets.corpora import disguised, in_file_names, shapes_in_carriers, structured
from sotctl.secrets import Secret, detector, scan, scan_path, scan_text
from sotctl.secrets.rule import SecretRule

KEY = "sk-ant-" + "api03-" + "aB3dE6gH9k" * 9 + "AA"
SEED = 20


def rules(data: bytes) -> list[str]:
    return [secret.rule for secret in scan(data)]


def test_a_secret_is_named_by_rule_line_column_and_span() -> None:
    data = f"one\r\ntwo: {KEY}\n".encode()
    assert scan(data) == [
        Secret(rule="anthropic-api-key", summary="Anthropic API key", line=2, column=6, start=10, length=len(KEY))
    ]


def test_a_secret_never_shows_itself() -> None:
    assert KEY not in repr(scan(KEY.encode()))


def test_text_is_measured_in_the_bytes_of_its_utf_8_form() -> None:
    (secret,) = scan_text(f"é {KEY}")
    assert (secret.start, secret.column) == (3, 4)


def test_secrets_come_in_order_of_place_and_do_not_overlap() -> None:
    other = "gh" + "p_" + "aB3dE6gH9" * 4
    found = scan(f"a = {other}\nb = {KEY}\napi_key: {other}\n".encode())
    assert [secret.line for secret in found] == [1, 2, 3]
    assert all(first.start + first.length <= second.start for first, second in itertools.pairwise(found))


def test_the_vendors_rule_is_named_before_the_carriers() -> None:
    assert rules(f"ANTHROPIC_API_KEY={KEY}".encode()) == ["anthropic-api-key"]


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_hides_nothing(name: str) -> None:
    samples = {sample: data for sample, data in disguised(SEED).items() if sample.partition(".")[2] == name}
    assert len(samples) == len(DISGUISED)
    assert [sample for sample, data in samples.items() if not scan(data)] == []


def test_shapes_are_found_in_every_carrier() -> None:
    samples = shapes_in_carriers(SEED)
    missed = [name for name, data in samples.items() if not scan(data)]
    assert len(missed) <= len(samples) * 0.01


def test_structured_files_are_understood() -> None:
    samples = structured(SEED)
    missed = [name for name, data in samples.items() if not scan(data, path=name)]
    assert len(missed) <= len(samples) * 0.02


def test_a_token_in_a_file_name_is_found() -> None:
    assert all(scan_path(name) for name in in_file_names(SEED))


def test_a_file_name_that_is_not_utf_8_is_scanned() -> None:
    name = b"\xff-" + KEY.encode() + b".txt"
    assert len(scan_path(name)) == 1
    assert len(scan_path(name.decode("utf-8", "surrogateescape"))) == 1


def test_crlf_is_no_disguise() -> None:
    assert rules(("a: 1\r\npassword: " + "h7Kq2" + "mZ9vX4p\r\n").encode()) == ["secret-assignment"]


def test_a_zip_member_is_read() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", f"value {KEY}\n" * 3)
    assert rules(packed.getvalue())[:1] == ["anthropic-api-key"]


@pytest.mark.parametrize("level", [0, 6, 9])
def test_a_zlib_stream_is_read(level: int) -> None:
    data = b"%PDF-1.7 stream\n" + zlib.compress(f"value {KEY}\n".encode() * 3, level) + b"\nendstream\n"
    assert rules(data)[:1] == ["anthropic-api-key"]


def test_a_gzip_bomb_costs_its_bound_and_no_more() -> None:
    assert scan(gzip.compress(bytes(64 << 20))) == []


@pytest.mark.parametrize("cut", [3, 12, 30, 50, 60, 74])
def test_of_a_broken_gzip_the_part_that_unpacks_is_scanned(cut: int) -> None:
    packed = gzip.compress(f"value {KEY}\n".encode() * 20)[:cut]
    unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(packed)
    assert rules(packed)[:1] == (["anthropic-api-key"] if KEY.encode() in unpacked else [])


def test_one_line_of_ten_megabytes_is_scanned_to_its_end() -> None:
    data = b'{"a":"' + b"plain text " * 900_000 + KEY.encode() + b'"}'
    assert rules(data) == ["anthropic-api-key"]


def test_a_file_that_is_one_secret_is_known_by_its_name() -> None:
    data = b"0a1b2c3d4e5f60718293a4b5c6d7e8f9\n"
    assert [secret.rule for secret in scan(data, path="config/master.key")] == ["secret-file"]
    assert scan(data, path="notes.txt") == []


def test_two_rules_that_find_the_same_are_told_apart_in_every_process() -> None:
    """The order of a set of rules depends on where they lie in memory."""
    for _ in range(60):
        first, second = (SecretRule(id=name, summary="", source="", keywords=()) for name in ("a-rule", "b-rule"))
        assert [span[2].id for span in detector._chosen([(0, 5, second, False), (0, 5, first, False)])] == ["a-rule"]


def test_a_password_that_two_rules_find_has_one_name() -> None:
    text = b'password = "hunter2-' + b'Xk93jd"\n'
    assert [secret.rule for secret in scan(text, path="app.ini")] == ["secret-assignment"]


COMMIT = b"tree %b\nauthor A <a@b.c> 0 +0000\ncommitter A <a@b.c> 0 +0000\nencoding %s\n\nsubject\n\n%b\n"


@pytest.mark.parametrize(
    ("encoding", "codec"),
    [("UTF-7", "utf-7"), ("IBM037", "cp037"), ("CP500", "cp500"), ("HZ", "hz"), ("IBM-1047", "cp037")],
)
def test_a_message_is_read_in_the_encoding_that_its_header_names(encoding: str, codec: str) -> None:
    message = f"use {KEY.replace('-', '+AC0-') if codec == 'utf-7' else KEY} now\n"
    written = message.encode("ascii" if codec in ("utf-7", "hz") else codec)
    hidden = written.replace(b"api03", b"ap~\ni03") if codec == "hz" else written
    found = scan(COMMIT % (b"0" * 40, encoding.encode(), hidden))
    assert {secret.rule for secret in found} == {"anthropic-api-key"}


@pytest.mark.parametrize("shifts", [(b"\x1b(J", b"\x1b(B"), (b"\x0e", b"\x0f"), (b"\x1b$)C", b"\x1b(B")])
def test_shift_sequences_within_a_token_hide_nothing(shifts: tuple[bytes, bytes]) -> None:
    cut = b"".join(shifts[at % 2] + KEY.encode()[at * 6 : at * 6 + 6] for at in range(len(KEY) // 6 + 1))
    assert rules(b"use key " + cut + b"\x1b(B now\n") == ["anthropic-api-key"]
