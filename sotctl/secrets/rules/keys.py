"""Private keys and signed tokens."""

from sotctl.secrets.rule import SecretRule

RULES = (
    SecretRule(
        id="private-key", summary="private key", keywords=("private key",),
        source="RFC 7468; https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key",
        pattern=r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\n|\\r|\s|[A-Za-z0-9+/=:,\- ]){24}",
        matches=("-----BEGIN " + "OPENSSH PRIVATE KEY-----\n" + "b3BlbnNzaC1rZXk" * 3,),
        misses=("-----BEGIN PUBLIC KEY-----\n" + "b3BlbnNzaC1rZXk" * 3, "a PRIVATE KEY is never committed"),
    ),
    SecretRule(
        id="json-web-token", summary="JSON Web Token", keywords=("eyj",),
        source="RFC 7519",
        pattern=r"(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{16,}",
        matches=("eyJ" + "hbGciOiJIUzI1NiJ9" + "." + "eyJ" + "zdWIiOiIxMjM0NTY3" + "." + "aB3dE6gH9kLmN0pQ",),
        misses=("eyJhbGciOiJIUzI1NiJ9", "eyJ.eyJ.sig"),
    ),
)  # fmt: skip
