"""Judges the name of a key: does it say that its value is secret?"""

from __future__ import annotations

import functools
import re


class Strength:
    """How strongly a name says "secret". Not an enum: importing `enum` costs a hook more than the scan."""

    NONE, WEAK, SECRET, PASSWORD = 0, 1, 2, 3


WORDS = (
    *("passw", "passphrase", "pwd", "psw", "secret", "token", "key", "credential", "creds", "auth", "bearer"),
    *("cookie", "session", "salt", "nonce_", "webhook", "dbpass", "userpass", "requirepass"),
    *("_pass", "-pass", ".pass", "<pass", "pass=", "pass:", "pass =", 'pass"', "pass'"),
    *("_pw", "-pw", ".pw", "_pat=", "_pat =", "_pat:", '_pat"'),
)
"""Where to look, in lower case; `strength` then decides on the whole name."""

_PARTS = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORD = frozenset(
    (
        b"requirepass password passwd pwd passphrase pass passcode pw passwort userpass dbpass userpassword "
        b"dbpassword dbpasswd rootpassword adminpassword storepassword keypassword mysqlpassword smtppass "
        b"smtppassword pgpassword storepass keypass pword psw syspassword proxypassword"
    ).split()
)
_SECRET = frozenset(
    (
        b"secret token apikey authtoken accesstoken refreshtoken clientsecret secretkey privatekey credential "
        b"credentials apitoken appkey appsecret consumersecret bearer oauth idtoken sessiontoken accesskey authkey "
        b"masterkey encryptionkey signingkey apisecret usertoken accountkey licensekey subscriptionkey secrettoken "
        b"bottoken webhooksecret jwtsecret authorization authtok pat cred creds"
    ).split()
)
_BEFORE_KEY = frozenset(
    (
        b"api access secret private auth client master encryption signing service account app application agent "
        b"license subscription admin deploy hmac jwt write ingest server rest shared functions storage "
        b"consumer integration user webhook session crypt cipher aes des decryption personal management stripe "
        b"sendgrid merchant routing"
    ).split()
)
_ENDINGS = frozenset(
    (
        b"value prod production dev test staging default old new primary secondary base64 b64 plain plaintext live "
        b"raw str string base text current previous local main data hex enc encoded"
    ).split()
)
_NOT_SECRET = frozenset(
    (
        b"public pub primary foreign partition sort cache index csrf xsrf page next continuation pagination "
        b"idempotency hash digest checksum lifecycle sha commit integrity fingerprint object lookup group registry "
        b"max min num count total class route query translation i18n dict map row column unique tokens reset "
        b"cursor keyboard bucket s3 image file sync eos bos pad unk mask cls sep host known trusted verify "
        b"verification pubkey"
    ).split()
)
_WEAK = frozenset(b"key auth session cookie salt webhook dsn sig".split())
_PASSING = frozenset(b"request change lock update client unit starting creation export import".split())
"""What a token is called that repeats or orders a request: an identifier, most often a UUID."""
_ANYWHERE = frozenset(b"secret token password passwd apikey".split())
"""Words that tell a little wherever they stand in a name, as in `todo_secret_do_not_commit`."""
_ABOUT = frozenset(
    (
        b"id ids name names label title url urls uri endpoint path file dir type kind class arn ref reference version "
        b"length len size limit budget count expiry expires expiration ttl age rotation policy provider manager store "
        b"scope scopes format prefix suffix pattern regex env variable var field hint error message status state "
        b"request response description help usage created updated date time at by for owner user username email"
    ).split()
)
"""Last words of names that say something about a secret, and do not hold one."""


@functools.lru_cache(maxsize=4096)
def strength(name: bytes) -> int:
    """Return how strongly the key *name* says that its value is secret.

    `PASSWORD` takes any password-like value, `SECRET` a generated one, digests included, `WEAK` (a name that ends in
    `key`, `auth`, `session` and the like, or holds `secret` elsewhere) only what looks random and is no digest.
    """
    parts = [part.lower() for part in _PARTS.findall(name[-80:])]
    if b"not" in parts and b"do" in parts:  # `todo_secret_do_not_commit` says nothing of a commit
        parts = parts[: parts.index(b"do")]
    while parts and (parts[-1] in _ENDINGS or parts[-1].isdigit()):
        parts.pop()
    if not parts:
        return Strength.NONE
    last, before = parts[-1], parts[-2] if len(parts) > 1 else b""
    joined = before + last
    if last in _PASSWORD or joined in _PASSWORD or last.endswith((b"password", b"passwd", b"passphrase")):
        return Strength.PASSWORD
    if (
        _NOT_SECRET.intersection(parts)
        and joined != b"registrytoken"
        and before not in (b"secret", b"api", b"access", b"auth")
    ):
        return Strength.NONE
    if last == b"token" and before in _PASSING:
        return Strength.WEAK
    if last in _SECRET or joined in _SECRET or last.endswith((b"secret", b"token", b"apikey")):
        return Strength.SECRET
    if last in (b"key", b"keys") and (before in _BEFORE_KEY or (len(parts) > 2 and _BEFORE_KEY.intersection(parts))):
        return Strength.SECRET
    if last in _WEAK or last.endswith(b"key") or (last not in _ABOUT and _ANYWHERE.intersection(parts)):
        return Strength.WEAK
    return Strength.NONE
