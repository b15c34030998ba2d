"""Tests whether a value that is given to the name of a password is one."""

from __future__ import annotations

from sotctl.secrets.values import classes, irregularity, is_placeholder, is_random, is_reference, parts, pronounceable


def is_password(value: bytes) -> bool:
    """Whether *value*, under a key that names a password, looks like one: mixed characters, no word or path."""
    if not 6 <= len(value) <= 256 or is_reference(value) or b" " in value.strip():
        return False
    if b"\\u" in value or not value.isascii():
        return _is_foreign_password(value)
    if value[:1] in b"/." or value.endswith((b".", b":", b"(", b"()")) or len(set(value)) < 4:
        return False
    if classes(value) < 2 or value.isdigit() or _is_algorithm(value) or _is_version(value) or _is_label(value):
        return False
    return _is_mixed(value) and not is_placeholder(value)


def _is_foreign_password(value: bytes) -> bool:
    """Whether *value*, with non-ASCII letters, looks like a password; most such values are user interface text."""
    import re
    import unicodedata

    try:
        text = re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), value.decode())
    except UnicodeDecodeError:
        return False
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "replace")
    return any(len(part) >= 8 and irregularity(part) >= 0.2 for part in parts(ascii_only.replace(b"?", b" ")))


_FILTERS = frozenset(b"b64enc b64dec b32enc base64encode base64decode sha1sum sha256sum sha512sum".split())
"""Template functions that follow a name: `{{ .Values.password | b64enc }}`."""
_ON_LABELS = frozenset(
    b"password passwords passwort wachtwoord senha contrasena salasana lozinka heslo passord characters chars zeichen"
    b" number digits symbols least minimum".split()
)
"""Words on the labels of password fields; a password does not combine them with other words."""


def _is_label(value: bytes) -> bool:
    """Whether *value* is a user interface label or hint (`Confirm-password*`, `At-least-8-characters`) or a filter."""
    if value in _FILTERS:
        return True
    words = value.strip(b"?!*:.()").replace(b"(", b"").replace(b"'", b"").lower().split(b"-")
    figures = sum(word.isdigit() and len(word) <= 2 for word in words)
    if len(words) < 2 or figures + sum(map(bytes.isalpha, words)) < len(words):
        return False
    return not _ON_LABELS.isdisjoint(words) or (value.endswith((b"?", b"*")) and not figures)


def _is_version(value: bytes) -> bool:
    """Whether *value* is a version or a version range (`^1.0.0`, `>=2.1`), as in lock files and manifests."""
    numbers = value.lstrip(b"^~<>=vV ")
    return numbers[:1].isdigit() and b"." in numbers and not numbers.strip(b"0123456789.xX*")


_ALGORITHMS = frozenset(
    b"AES DES EDE CAMELLIA ARIA CHACHA XCHACHA SALSA XSALSA POLY RSA ECB CBC GCM CTR CCM OAEP SHA HMAC HMACSHA PBE PBES"
    b" RC SM ECDSA ECDH EDDSA HS RS ES PKCS".split()
)
"""Words in the names of ciphers and signature algorithms."""


def _is_algorithm(value: bytes) -> bool:
    """Whether *value* names a cipher or signature algorithm (`DES-EDE3-CBC`): two or more words, two thirds known."""
    text = value.replace(b"With", b"-").replace(b"And", b"-").translate(_WORDS)
    words = [word for part in text.split() if (word := part.strip(b"0123456789"))]
    return sum(word.upper() in _ALGORITHMS for word in words) * 3 >= len(words) * 2 > 2


_WORDS = bytes(byte if 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 else 32 for byte in range(256))


_IN_CODE = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-./:[](){}"


def _is_mixed(value: bytes) -> bool:
    """Whether *value* mixes characters as no word, path or name in code does."""
    if value.translate(None, _IN_CODE) or is_random(value, least=12):
        return True
    letters = value.lower().decode("latin-1")
    return len(value) >= 10 and value.isalpha() and irregularity(value) >= 0.2 and pronounceable(letters) < 0.7
