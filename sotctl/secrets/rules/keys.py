"""Private keys in all encodings, and signed tokens."""

from __future__ import annotations

import binascii

from sotctl.secrets.rule import SecretRule, lazy
from sotctl.secrets.values import is_random, is_sample_claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import Spans


def _is_key_body(value: bytes) -> bool:
    """Whether a key follows the header: enough varied base64, not a mere mention or a row of dots."""
    body = value.replace(b"\\n", b"").replace(b"\\r", b"")
    _, _, body = body.partition(b"KEY")
    body = body.partition(b"-----END")[0]
    letters = b"".join(body.split()).strip(b"-").translate(None, b"\"'+,>|\\")
    return len(letters) >= 24 and len(set(letters[:40])) >= 8


def _is_web_token(value: bytes) -> bool:
    """Whether the first part of *value* decodes to a JOSE header, and the token is no published sample."""
    if is_sample_claim(value.partition(b".")[2]):
        return False
    head = value.partition(b".")[0].replace(b"-", b"+").replace(b"_", b"/")
    try:
        decoded = binascii.a2b_base64(head + b"=" * (-len(head) % 4))
    except binascii.Error:
        return False
    return b'"alg"' in decoded or b'"typ"' in decoded or b'"enc"' in decoded or b'"kid"' in decoded


_PRIVATE_PART = r"\"d\"\s{0,4}:\s{0,4}\"(?P<secret>[A-Za-z0-9_\-]{40,1400})\""
_PRIVATE = lazy(_PRIVATE_PART.encode())
_KEY_BYTES = 4000


def _find_private_part(data: bytes, position: int) -> Spans:
    """Return the member `d` at *position* if the object around it is a JSON Web Key."""
    match = _PRIVATE().match(data, position)
    if match is None:
        return ()
    before = data[max(0, position - _KEY_BYTES) : position].rpartition(b"{")[2]
    after = data[match.end() : match.end() + _KEY_BYTES].partition(b"}")[0]
    return (match.span("secret"),) if b'"kty"' in before or b'"kty"' in after else ()


_XML_PART = r"<D>(?P<secret>[A-Za-z0-9+/=\s]{40,2000})</D>"
_XML = lazy(_XML_PART.encode())
_XML_BYTES = 3000


def _find_xml_part(data: bytes, position: int) -> Spans:
    """Return the private part of the key that begins at *position*, if the key has one."""
    limit = position + _XML_BYTES
    again = data.find(b"<RSAKeyValue>", position + 1, limit)
    match = _XML().search(data, position, again if again >= 0 else limit + 2100)
    return (match.span("secret"),) if match and match.start() <= limit else ()


RULES = (
    SecretRule(
        id="private-key",
        summary="private key",
        keywords=("-----BEGIN",),
        near=r"-----BEGIN[ \-][A-Z0-9 \-]*PRIVATE KEY",
        accept=_is_key_body,
        source="RFC 7468; https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key",
        pattern=r"-----BEGIN[ \-](?:[A-Z0-9]{1,12}[ \-]){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[\sA-Za-z0-9+/=:,.()\"'>|&#;\\]|-(?!---)){24,6000}",
        matches=("-----BEGIN " + "OPENSSH PRIVATE KEY-----\n" + "b3BlbnNzaC1rZXk" * 3, "-----BEGIN " + "RSA PRIVATE KEY-----\\n" + "MIIEpAIBAAKCAQ" * 3),
        misses=("-----BEGIN PUBLIC KEY-----\n" + "b3BlbnNzaC1rZXk" * 3, "a PRIVATE KEY is never committed", "-----BEGIN " + "PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----"),
    ),
    SecretRule(
        id="putty-private-key",
        summary="PuTTY private key",
        keywords=("PuTTY-User-Key-File-",),
        source="https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html",
        pattern=r"PuTTY-User-Key-File-[123]: [a-z0-9\-@.]{4,40}\r?\nEncryption: [\w\-]{4,12}\r?\n[\x20-\x7e\r\n]{0,2500}?Private-Lines: [0-9]{1,3}\r?\n(?P<secret>[A-Za-z0-9+/=\r\n]{24,4000})",
        matches=("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: x\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\n" + "aB3dE6gH9k" * 4,),
        misses=("PuTTY-User-Key-File-3: ssh-ed25519\n",),
    ),
    SecretRule(
        id="ssh2-private-key",
        summary="private key in SSH2 format",
        keywords=("BEGIN SSH2 ENCRYPTED PRIVATE KEY",),
        source="RFC 4716",
        pattern=r"BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\s(?P<secret>[\x20-\x7e\r\n]{24,4000})",
        matches=("---- BEGIN SSH2 " + "ENCRYPTED PRIVATE KEY ----\n" + "aB3dE6gH9k" * 4,),
        misses=("---- BEGIN SSH2 " + "ENCRYPTED PRIVATE KEY ----",),
    ),
    SecretRule(
        id="json-web-key",
        summary="private part of a JSON Web Key",
        keywords=('"d"',),
        source="RFC 7517",
        accept=lambda v: is_random(v, least=20),
        find=_find_private_part,
        pattern=_PRIVATE_PART,
        matches=('{"kty": "EC", "crv": "P-256", "d": "' + "aB3dE6gH9k" * 4 + '"}',),
        misses=('{"kty": "EC", "x": "' + "aB3dE6gH9k" * 4 + '"}',),
    ),
    SecretRule(
        id="xml-rsa-key",
        summary="private key in XML format",
        keywords=("<RSAKeyValue>",),
        source="https://www.w3.org/TR/xmldsig-core/#sec-RSAKeyValue",
        find=_find_xml_part,
        pattern=r"<RSAKeyValue>[\s\S]{0,3000}?" + _XML_PART,
        matches=("<RSAKeyValue><Modulus>x</Modulus><D>" + "aB3dE6gH9k" * 5 + "</D>",),
        misses=("<RSAKeyValue><Modulus>" + "aB3dE6gH9k" * 5 + "</Modulus>",),
    ),
    SecretRule(
        id="bare-private-key",
        summary="private key without its header",
        keywords=("MIIEp", "MIIEv", "MIICX", "MIIJK", "MIIJQ", "MIIG5", "MIIG4", "MIICd", "MHcCAQEEI", "MIGHAgEAM", "MC4CAQAw", "MIGkAgEB", "b3BlbnNzaC1rZXktdjE"),
        source="RFC 5208, RFC 5915, RFC 8017",
        accept=lambda v: is_random(v, least=40),
        pattern=r"(?<![A-Za-z0-9+/])(?:MIIEp[AQg]IBAAKCAQ|MIIEv[AQg]IBADANBg|MIICX[AQgwI]IBAAKBg|MIICd[AQgwI]IBADANBg|MII(?:JK|JQ|G5|G4)[A-Za-z0-9+/]IB|MHcCAQEEI|MIGHAgEAMBMGByqGSM49|MC4CAQAwBQYDK2Vw|MIGkAgEB|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{40,4000}={0,2}",
        matches=("MIIEpA" + "IBAAKCAQ" + "aB3dE6gH9k" * 6,),
        misses=("MIIEp", "MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQ"),
    ),
    SecretRule(
        id="json-web-token",
        summary="JSON Web Token",
        keywords=("eyJ", "ewog"),
        source="RFC 7519",
        accept=_is_web_token,
        pattern=r"(?<![A-Za-z0-9])(?:eyJ|ewog)[A-Za-z0-9_\-]{10,2000}\.(?:eyJ|ewog)?[A-Za-z0-9_\-]{8,8000}\.(?:[A-Za-z0-9_\-]{16,2000}(?:\.[A-Za-z0-9_\-]{8,4000}){0,2}|(?<=\.)(?![A-Za-z0-9_\-.]))",
        lead=(r"A-Za-z0-9_\-", 8),
        matches=("eyJ" + "hbGciOiJIUzI1NiJ9" + "." + "eyJ" + "zdWIiOiI5ODc2NTQz" + "." + "aB3dE6gH9kLmN0pQ",),
        misses=("eyJhbGciOiJIUzI1NiJ9", "eyJ.eyJ.x", "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0." + "aB3dE6gH9kLmN0pQ"),
    ),
)
