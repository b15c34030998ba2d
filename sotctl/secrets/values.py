"""Tests that distinguish generated values from placeholders, names, digests and references."""

from __future__ import annotations

import binascii
import operator

_PLACEHOLDER_WORDS = (
    *(b"example", b"placeholder", b"redacted", b"replace", b"insert", b"dummy", b"anonymous"),
    *(b"changeme", b"change-me", b"change_me", b"goes-here", b"goes_here"),
    *(b"your-", b"your_", b"yourt", b"yourp", b"youra", b"yourk", b"yours", b"[your", b"-name]", b"_name]"),
    *(b"not-a-real", b"notareal", b"not_a_real", b"todo", b"fixme", b"foobar", b"lorem", b"fake", b"deadbeef"),
    *(b"masked", b"censored", b"removed", b"omitted", b"elided", b"snip", b"hidden", b"undefined"),
    *(b"sanitized", b"sanitised", b"scrubbed", b"obfuscated"),
    *(b"aaecawqfbgcicq", b"00010203040506"),  # the bytes 0, 1, 2 and so on, the usual test key for a cipher
    *(b".eyjzdwiioiixmjm0nty3odkwi", b".eyjzdwiioiaimtizndu2nzg5mci"),  # {"sub":"1234567890", from the sample on jwt.io
    b".eyjpc3mioijqb2ui",  # {"iss":"joe", from the sample in RFC 7515
    *(b"xxxx", b"****", b"....", b"\xe2\x80\xa6"),
    *(b"<", b">", b"${", b"{{", b"}}", b"$(", b"%(", b"#{", b"[["),
    *(b"[a-", b"[0-", b"(?", b"\\x", b"\\d"),
)
"""Text that marks a value as a placeholder."""

_PAIRS = (
    "thheineranreonatenndtiesorteofedisitalarsttontngsehaasouiolevecomedehiriroicneearacelichllbemasiomur"
    "caeltalansdifohopeecprnoctusacotiltrlyncetutsssorsunlowageiewheewiemadolrtpowenaulnitsmoowpaimmiaish"
    "irsuidosiviaamficivipligtuevldrympfeblabghtyopwosaayexkefrooavagifapgrodbosprddoucbueiovbyrmepttocfa"
    "efcurnscgidayocrcldugaquueffbaeylsvaumppuauplugohtruugdsltpircrregauckewmubrbiptakpuuirgibtlnykirkys"
    "obmmfuphogmsyeudmbipuboirlgudrhrcctwftwnnuafhunneovorvnfxpgnsmflizoknlmyglawjuoaeqsyslpsjolfnvjenkkn"
    "gsdyhyzeksxtbsikddptrpskxioeoywslvdlrfeudgwrxayinmebrbtmxcehtcgyjahnypzaggymswbjlmcsiiixxeohlkdvlpax"
    "oxufdmiusfbtkaytekpmyagtwlrhylhsahycybrwlbcyoxdbpyjstxynkvvmcdfgnxws"
)
_COMMON = frozenset(_PAIRS[place : place + 2] for place in range(0, len(_PAIRS), 2))
"""Letter pairs common in English and in identifiers; about a third of the pairs in random text are among them."""


def is_placeholder(value: bytes, *, counted: float = 0.6) -> bool:
    """Whether *value* is a placeholder (`xxxx`, `<your key>`, `${VAR}`, `1234567890`) rather than a generated value.

    Args:
        counted: The share of bytes in sequence (`abcd`) from which on a value counts as a placeholder.
    """
    lowered = value[:256].lower()
    if any(map(lowered.__contains__, _PLACEHOLDER_WORDS)) and _speaks(lowered, value):
        return True
    if len(set(lowered)) <= (3 if lowered.isdigit() else 2):
        return True
    if lowered.count(sorted(lowered)[len(lowered) // 2]) * 2 > len(lowered):  # the median, if it fills half
        return True
    return _is_repeated(lowered) or _is_counted(lowered, counted)


def _speaks(lowered: bytes, value: bytes) -> bool:
    """Whether any placeholder word in *value* is meant as one, not part of generated text by chance."""
    return any(
        lowered.count(word) > 1 or not _is_within(lowered, word, value)
        for word in _PLACEHOLDER_WORDS
        if word in lowered
    )


def _is_within(lowered: bytes, word: bytes, value: bytes) -> bool:
    """Whether the placeholder *word* occurs in a generated *value* by chance.

    A word in a spelling that nobody uses (`fAKe`) does, and so does a bracket that nothing closes.
    """
    start = lowered.find(word)
    stop = start + len(word)
    before, after = value[max(0, start - 1) : start], value[stop : stop + 1]
    if not word.isalpha() or len(set(word)) == 1:
        closing = _CLOSING.get(word)
        if closing is None or not before or closing in value:
            return False
    elif len(word) >= 12 or value[start:stop] in (word, word.upper(), word.capitalize()):  # base64, or a spelling
        if not (before.isalnum() and after.isalnum()):
            return False
        if value[start : start + 1].isupper() and before.islower() and not after.islower():  # `anExampleKey`
            return False
    rest = value[:start] + value[stop:256]
    return len(rest) >= 14 and (_turns(rest) >= 3 or is_random_part(rest))


_CLOSING = {b"<": b">", b">": b"<", b"${": b"}", b"{{": b"}}", b"$(": b")", b"%(": b")", b"#{": b"}", b"[[": b"]]"}
"""By opening mark of a placeholder, its closing mark; `>` opens nothing, and counts only together with `<`."""


def _turns(part: bytes) -> int:
    """Count the runs of digits in *part*, and the upper-case letters right after lower-case ones."""
    return len(part.translate(_DIGITS).split()) + part.translate(_KINDS).count(b"aA")


_DIGITS = bytes(byte if 48 <= byte <= 57 else 32 for byte in range(256))
_KINDS = bytes(97 if 97 <= byte <= 122 else 65 if 65 <= byte <= 90 else 46 for byte in range(256))
"""Maps lower-case letters to `a`, upper-case ones to `A`, and the rest to a point."""
_FIGURES = b"0123456789"
_NEXT = bytes((*range(1, 256), 0))
"""Maps each byte to the next one."""


def _is_counted(lowered: bytes, share: float) -> bool:
    """Whether at least the *share* of the bytes is in sequence with a neighbour (`abcd`), up or down."""
    behind, following = lowered[1:], lowered.translate(_NEXT)
    up, down = sum(map(operator.eq, behind, following)), sum(map(operator.eq, lowered, following[1:]))
    return bool(up + down >= len(lowered) * share)


_RUNS = tuple(bytes((byte,)) * 12 for byte in b"123456789bcdefghijklmnopqrstuvwxyz")
"""Runs that no generator makes. Those of `0`, `A` and `/` are left out: they occur in encoded binary data."""


def _is_repeated(lowered: bytes) -> bool:
    """Whether half of the bytes repeat their neighbour, or one byte is repeated twelve times, as if a key was held."""
    same = sum(map(operator.eq, lowered, lowered[1:]))
    return same * 2 >= len(lowered) or (same >= 11 and any(map(lowered.__contains__, _RUNS)))


def _is_counted_in_turns(part: bytes) -> bool:
    """Whether *part* interleaves two or three sequences (`a1b2c3`), or is one with gaps (`abc123def456`)."""
    lowered = part.lower()
    if _is_counted(lowered, 0.6):
        return True
    following = lowered.translate(_NEXT)
    return any(sum(map(operator.eq, lowered[stride:], following)) >= len(lowered) * 0.85 for stride in (2, 3))


def is_generated(body: bytes) -> bool:
    """Whether the *body* after a vendor's prefix could come from the vendor's generator.

    The prefix is evidence already, so a larger share of the body may be in sequence than by default.
    """
    return not is_placeholder(body, counted=0.8)


def is_reference(value: bytes) -> bool:
    """Whether *value* refers to a secret kept elsewhere: a variable, a vault path, a command, a template."""
    if value and value[0] in _SIGILS:
        name = value.lstrip(_SIGILS)
        return len(name) < 8 or irregularity(name) < 0.2 or name.translate(None, _OUTSIDE_NAMES) != name
    return (
        value.startswith(_REFERENCES)
        or b"://" in value[:16] or b"process.env" in value or b"os.environ" in value
    )  # fmt: skip


_SIGILS = b"$%{<@!*&"
_OUTSIDE_NAMES = b"{}()<> "
_REFERENCES = (
    *(b"env:", b"vault:", b"file:", b"op://", b"~/", b"./", b"arn:", b"projects/", b"secret:", b"ref+", b"keyring:"),
    *(b"ssm:", b"sops:", b"SCRAM-SHA-", b"kms:", b"azkv:", b"doppler:", b"bws:", b"akv:"),
    # Ciphertext, which is no secret by itself: SOPS, Jasypt, OpenSSL, dotenvx, AWS KMS, age, PGP, Ansible.
    *(b"ENC[", b"ENC(", b"enc:", b"AES", b"U2FsdGVkX1", b"encrypted:", b"AQICAH", b"YWdlLWVuY3J5cHRpb24", b"cipher:"),
    *(b"eyJpdiI6", b"CiQA", b"01000000d08c9ddf", b"AQAAANCMnd8B"),  # Laravel, Google's KMS, Windows
    *(b"-----BEGIN AGE", b"-----BEGIN PGP MESSAGE", b"ANSIBLE_VAULT", b"LS0tLS1CRUdJTiBQR1AgTUVTU0FHR", b"{cipher}"),
)
"""Prefixes of values that name a secret kept elsewhere, or hold it encrypted."""


def is_encoded_stand_in(value: bytes) -> bool:
    """Whether *value* is the base64 of a placeholder or reference, or of `user:placeholder` in a login template."""
    word = value.split(b" ")[-1]
    if not 8 <= len(word) <= 256:
        return False
    try:
        text = binascii.a2b_base64(word + b"=" * (-len(word) % 4), strict_mode=True)
    except binascii.Error:
        return False
    if not text.isascii() or min(text) < 32:
        return False
    held = text.partition(b":")[2] or text
    return is_placeholder(held) or is_reference(held)


def is_hexadecimal(value: bytes) -> bool:
    """Whether *value* is 16 or more hexadecimal digits of one case, with both letters and figures."""
    if len(value) < 16 or not (_only(value, b"0123456789abcdef") or _only(value, b"0123456789ABCDEF")):
        return False
    return 2 <= len(value) - len(value.translate(None, _FIGURES)) <= len(value) - 2


def is_digest(value: bytes) -> bool:
    """Whether *value* has the form of a hexadecimal digest, commit id, UUID or integrity value (`sha256-…`)."""
    body = value.replace(b"-", b"")
    if len(value) == 36 and len(body) == 32 and _only(body, b"0123456789abcdefABCDEF"):
        return True
    if value[:3].lower() in (b"sha", b"md5"):
        return True
    return len(value) in (32, 40, 56, 64, 96, 128) and _only(value, b"0123456789abcdefABCDEF")


def is_named_digest(value: bytes) -> bool:
    """Whether *value* is a name that contains a digest or UUID (`deps-<digest>`, `uploads/<uuid>.png`)."""
    pieces = parts(value)
    digits = [piece for piece in pieces if len(piece) >= 4 and _only(piece, b"0123456789abcdefABCDEF")]
    words = [piece for piece in pieces if piece not in digits]
    return bool(words) and sum(map(len, digits)) >= 32 and not any(map(is_random_part, words))


def _only(value: bytes, alphabet: bytes) -> bool:
    return not value.strip(alphabet)


def classes(value: bytes) -> int:
    """Count the kinds of character in *value*: lower case, upper case, digits, other."""
    letters = value.translate(None, _FIGURES)
    has_digit, has_other = len(letters) < len(value), bool(letters) and not letters.isalpha()
    return (value.upper() != value) + (value.lower() != value) + has_digit + has_other


def irregularity(part: bytes) -> float:
    """Measure how often *part* changes kind: near 0 for words and `CamelCase`, above 0.2 for random text.

    The result is the number of changes between letter and digit and from lower to upper case, per byte.
    """
    if not part:
        return 0.0
    edges = 2 * len(part.translate(_DIGITS).split()) - part[:1].isdigit() - part[-1:].isdigit()
    return (edges + part.translate(_KINDS).count(b"aA")) / len(part)


def pronounceable(letters: str) -> float:
    """The share of letter pairs in *letters* (lower case) that are common in English."""
    if len(letters) < 2:
        return 1.0
    return sum(map(_COMMON.__contains__, map(operator.add, letters, letters[1:]))) / (len(letters) - 1)


def parts(value: bytes) -> list[bytes]:
    """Split *value* where names are joined: at `-`, `_`, `.`, `/`, `:`, `,`, `@` and blanks."""
    return value.translate(_JOINTS).split()


_JOINTS = bytes.maketrans(b"-_./:,@", b"       ")


_NO_LETTERS = bytes(byte for byte in range(256) if not 97 <= byte <= 122)


def is_random_part(part: bytes) -> bool:
    """Whether *part*, one piece of `parts`, looks generated rather than made of words."""
    if len(part) < 12 or len(set(part)) < 7:
        return False
    digits = len(part) - len(part.translate(None, _FIGURES))
    if digits > len(part) * 0.8:
        return False
    steps = irregularity(part)
    letters = part.lower().translate(None, _NO_LETTERS).decode("ascii")
    if steps < 0.26 and len(letters) >= 10 and pronounceable(letters) >= 0.76:
        return False
    if not digits and len(part) < 20:
        return False
    if steps >= 0.17 or (digits and digits <= len(part) * 0.4 and steps >= 0.1 and len(part) >= 20):
        return True
    return len(letters) >= 20 and pronounceable(letters) < 0.6


_EXAMINED_BYTES = 256
"""Bytes of a long value that are examined: enough to decide, and a limit on the time for hostile text."""


def is_random(value: bytes, *, least: int = 16) -> bool:
    """Whether *value* looks generated: long, varied, and not made of words, dates and version numbers.

    Args:
        least: Fewest bytes of such a value.
    """
    value = value[:_EXAMINED_BYTES]
    if len(value) < least or len(set(value)) < 8 or is_reference(value):
        return False
    pieces = parts(value.rstrip(b"="))
    if not pieces:
        return False
    longest = max(pieces, key=len)
    if not is_random_part(longest):
        odd = sum(len(piece) for piece in pieces if len(piece) >= 5 and irregularity(piece) >= 0.2)
        if len(pieces) == 1 or odd < 12 or odd * 2 <= len(value):
            return False
    return not (is_placeholder(value) or _is_counted_in_turns(longest))  # last, as it takes longest


def is_sample_claim(claims: bytes) -> bool:
    """Whether *claims*, in base64, are those of a sample token (jwt.io, RFC 7515) or of a public one (role `anon`)."""
    return is_placeholder(b"." + claims[:40]) or b"InJvbGUiOiJhbm9u" in claims or b"yb2xlIjoiYW5vbi" in claims


def is_cut_web_token(value: bytes) -> bool:
    """Whether *value* is a JSON Web Token with a truncated signature: the shortest has 43 bytes of base64 (HS256).

    Source: RFC 7518 section 3.2
    """
    if not value.startswith((b"eyJhbGci", b"eyJ0eXAi", b"eyJraWQi")):
        return False
    pieces = value.split(b".")
    return len(pieces) == 3 and 0 < len(pieces[2]) < 43


def is_address(value: bytes) -> bool:
    """Whether *value* is a public blockchain address (Ethereum, Bitcoin and similar chains).

    Source: EIP-55; BIP 173; https://en.bitcoin.it/wiki/Base58Check_encoding
    """
    if value[:2] in (b"0x", b"0X"):
        return (len(value) == 42 and _only(value[2:], b"0123456789abcdefABCDEF")) or b"::" in value
    if 26 <= len(value) <= 35 and value[:1] in b"13TLDrX":
        return _has_base58_checksum(value)
    prefix, one, data = value.partition(b"1")
    return bool(one and prefix.isalpha() and prefix.islower() and 38 <= len(data) <= 110) and _only(data, _BECH32)


_BECH32 = b"023456789acdefghjklmnpqrstuvwxyz"
_BASE58 = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _has_base58_checksum(value: bytes) -> bool:
    import hashlib

    number = 0
    for byte in value:
        digit = _BASE58.find(byte)
        if digit < 0:
            return False
        number = number * 58 + digit
    if number >> 200:
        return False
    packed = number.to_bytes(25, "big")
    return hashlib.sha256(hashlib.sha256(packed[:-4]).digest()).digest()[:4] == packed[-4:]
