"""Judges the name of a key: does it say that its value is secret?"""

from __future__ import annotations

import re


class Strength:
    """How strongly a name says "secret". Not an enum: importing `enum` costs a hook more than the scan."""

    NONE, WEAK, SECRET, PASSWORD = 0, 1, 2, 3


WORDS = ("passw", "passphrase", "pwd", "secret", "token", "key", "credential", "auth", "_pass", "-pass", ".pass",
    "<pass",
         "dbpass", "userpass", "bearer", "cookie", "session", "salt", "nonce_", "signature", "webhook", "_pw",
             "-pw", ".pw", "psw", "pass=", "pass:", "pass =", 'pass"', "pass'", "requirepass",
             "_pat=", "_pat =", "_pat:", '_pat"')  # fmt: skip
"""Where to look, in lower case; `strength` then decides on the whole name."""

_PARTS = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORD = frozenset(
    (
        b"requirepass",
        b"password",
        b"passwd",
        b"pwd",
        b"passphrase",
        b"pass",
        b"passcode",
        b"pw",
        b"passwort",
        b"userpass",
        b"dbpass",
        b"userpassword",
        b"dbpassword",
        b"dbpasswd",
        b"rootpassword",
        b"adminpassword",
        b"storepassword",
        b"keypassword",
        b"mysqlpassword",
        b"smtppass",
        b"smtppassword",
        b"pgpassword",
        b"storepass",
        b"keypass",
        b"pword",
        b"psw",
        b"syspassword",
        b"proxypassword",
    )
)
_SECRET = frozenset(
    (
        b"secret",
        b"token",
        b"apikey",
        b"authtoken",
        b"accesstoken",
        b"refreshtoken",
        b"clientsecret",
        b"secretkey",
        b"privatekey",
        b"credential",
        b"credentials",
        b"apitoken",
        b"appkey",
        b"appsecret",
        b"consumersecret",
        b"bearer",
        b"oauth",
        b"idtoken",
        b"sessiontoken",
        b"accesskey",
        b"authkey",
        b"masterkey",
        b"encryptionkey",
        b"signingkey",
        b"apisecret",
        b"usertoken",
        b"accountkey",
        b"licensekey",
        b"subscriptionkey",
        b"secrettoken",
        b"bottoken",
        b"webhooksecret",
        b"jwtsecret",
        b"authorization",
        b"authtok",
        b"pat",
    )
)
_BEFORE_KEY = frozenset(
    (
        b"api",
        b"access",
        b"secret",
        b"private",
        b"auth",
        b"client",
        b"master",
        b"encryption",
        b"signing",
        b"service",
        b"account",
        b"app",
        b"application",
        b"agent",
        b"license",
        b"subscription",
        b"admin",
        b"deploy",
        b"hmac",
        b"jwt",
        b"write",
        b"ingest",
        b"server",
        b"rest",
        b"shared",
        b"functions",
        b"host",
        b"storage",
        b"consumer",
        b"integration",
        b"user",
        b"webhook",
        b"session",
        b"storage",
        b"crypt",
        b"cipher",
        b"aes",
        b"des",
        b"decryption",
        b"personal",
        b"management",
        b"stripe",
        b"sendgrid",
        b"merchant",
    )
)
_ENDINGS = frozenset(
    (
        b"value",
        b"prod",
        b"production",
        b"dev",
        b"test",
        b"staging",
        b"default",
        b"old",
        b"new",
        b"primary",
        b"secondary",
        b"base64",
        b"b64",
        b"plain",
        b"plaintext",
        b"live",
        b"raw",
        b"str",
        b"string",
        b"base",
        b"text",
        b"current",
        b"previous",
        b"local",
        b"main",
        b"data",
        b"hex",
        b"enc",
        b"encoded",
    )
)
_NOT_SECRET = frozenset((b"public", b"pub", b"primary", b"foreign", b"partition", b"sort", b"cache", b"index",
    b"csrf", b"xsrf", b"page", b"next", b"continuation", b"pagination", b"idempotency", b"hash", b"digest",
    b"checksum", b"lifecycle",
    b"sha", b"commit", b"integrity", b"fingerprint", b"object", b"lookup", b"group", b"registry", b"max",
    b"min", b"num", b"count", b"total", b"class", b"route", b"query", b"translation", b"i18n", b"dict", b"map",
    b"row", b"column", b"unique", b"tokens", b"reset", b"cursor", b"keyboard", b"bucket", b"s3", b"image", b"file",
    b"sync", b"eos", b"bos", b"pad", b"unk", b"mask", b"cls", b"sep", b"host", b"known", b"trusted", b"verify",
    b"verification", b"pubkey"))  # fmt: skip


def strength(name: bytes) -> int:
    """Return how strongly the key *name* says that its value is secret.

    `PASSWORD` takes any password-like value, `SECRET` a generated one, digests included, `WEAK` (a name that ends in
    `key`, `auth`, `session` and the like) only what looks random and is no digest.
    """
    parts = [part.lower() for part in _PARTS.findall(name[-80:])]
    while parts and (parts[-1] in _ENDINGS or parts[-1].isdigit()):
        parts.pop()
    if not parts:
        return Strength.NONE
    last, before = parts[-1], parts[-2] if len(parts) > 1 else b""
    joined = before + last
    if last in _PASSWORD or joined in _PASSWORD or last.endswith((b"password", b"passwd", b"passphrase")):
        return Strength.PASSWORD
    if _NOT_SECRET.intersection(parts) and before not in (b"secret", b"api", b"access", b"auth"):
        return Strength.NONE
    if last in _SECRET or joined in _SECRET or last.endswith((b"secret", b"token", b"apikey")):
        return Strength.SECRET
    if last in (b"key", b"keys") and (before in _BEFORE_KEY or (len(parts) > 2 and _BEFORE_KEY.intersection(parts))):
        return Strength.SECRET
    if last in (
        b"key",
        b"auth",
        b"session",
        b"cookie",
        b"salt",
        b"signature",
        b"webhook",
        b"dsn",
        b"sig",
    ) or last.endswith(b"key"):
        return Strength.WEAK
    return Strength.NONE
