"""Decides from a key's name how likely its value is a secret."""

from __future__ import annotations

import functools

from sotctl.secrets.rule import lazy


class Strength:
    """How strongly a key's name says that its value is a secret; see `strength`.

    Not an enum: importing `enum` takes a hook longer than the scan.
    """

    NONE, WEAK, SERVICE, SECRET, PASSWORD = 0, 1, 2, 3, 4


def _utf8(words: str) -> tuple[str, ...]:
    """Return *words* as keywords are written: one Latin-1 character for each byte of their UTF-8 form."""
    return tuple(word.encode().decode("latin-1") for word in words.split())


_OTHER_PASSWORDS = _utf8(
    "ароль ПАРОЛЬ арола озинка ωδικός סיסמה סיסמא كلمة_المرور كلمة_السر 密码 密碼 口令 パスワード"
    " 비밀번호 암호 पासवर्ड รหัสผ่าน"
)
_OTHER_SCRIPTS = (
    *_OTHER_PASSWORDS,
    *_utf8(
        "окен екрет ключ Ключ κλειδί μυστικό مفتاح 密钥 密鑰 秘钥 令牌 トークン シークレット"
        " 秘密鍵 キー 토큰 비밀키 액세스키 कुंजी"
    ),
)
"""Words in other scripts, compared as bytes; without the first letter where it may be a capital."""

_OTHER_LANGUAGES = (
    *("mdp", "contrase", "senha", "parola", "wachtwoord", "haslo", "has\u0142o", "has\u0141o", "heslo", "senord"),
    *("adgangskode", "salasana", "jelsz", "sifre", "\u015fifre", "\u015eifre", "kennwort", "sandi", "matkhau", "mima"),
    *("kodeord", "lozinka", "geslo", "parool", "slapta", "lykilor", "fjalekalim", "contrasinal"),
    *("pasahitza", "m\u1eadt_kh", "mat_khau", "cle_", "cle-", "cle api", "cle d", "cleapi", "cl\u00e9", "cl\u00c9"),
    *("cle\u0301", "jeton", "clave", "llave", "chave", "chiave", "sleutel", "klucz", "schl", "nyckel", "segreto"),
    *("segredo", "geheim", "n\u00f8gle", "n\u00f8kkel", "nokkel", "avain", "anahtar", "cheie_", "raktas", "kulcs"),
    *("klju\u010d", "kljuc", "kl\u00ed\u010d", "klic_", "_kluc", "kunci"),
)
"""Words for a secret in other languages in Latin script, where the English keywords do not cover them."""

_AFTER = " \t=:|>?_-\"'"
"""Characters that may follow a short keyword that ends the name of a key."""

WORDS = (
    *(
        "passw",
        "passp",
        "passc",
        "passo",
        "passe\xc2",
        "passe\xe2",
        "pwd",
        "psw",
        "pword",
        "secret",
        "token",
        "key",
        "cred",
    ),
    *("auth", "bearer", "cookie", "session", "salt", "nonce_", "webhook"),
    *(word + after for word in ("pass", "passe", "pw", "pat") for after in _AFTER),
    *(word.encode().decode("latin-1") for word in _OTHER_LANGUAGES),
    *_OTHER_SCRIPTS,
)
"""The keywords to search for, in lower case; `strength` then decides on the whole name."""

_PARTS = lazy(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PASSWORD = frozenset(
    (
        b"requirepass password passwd pwd passphrase pass passcode pw passwort userpass dbpass userpassword "
        b"dbpassword dbpasswd rootpassword adminpassword storepassword keypassword mysqlpassword smtppass "
        b"smtppassword pgpassword storepass keypass pword psw syspassword proxypassword "
        b"mdp motpasse contrasena contrasenya senha palavrapasse wachtwoord haslo heslo losenord adgangskode passord "
        b"salasana jelszo sifre kennwort katasandi matkhau mima kodeord lozinka geslo parool slaptazodis lykilord "
        b"fjalekalim contrasinal pasahitza redisauth rediscliauth"
    ).split()
)
_PASSWORD_ENDS = (b"password", b"passwd", b"passphrase", b"passwort", b"motdepasse", b"palavradepasse", b"parolachiave")
_SECRET = frozenset(
    (
        b"secret token apikey authtoken accesstoken refreshtoken clientsecret secretkey privatekey credential "
        b"credentials apitoken appkey appsecret consumersecret bearer oauth idtoken sessiontoken accesskey authkey "
        b"masterkey encryptionkey apisecret usertoken accountkey licensekey subscriptionkey secrettoken "
        b"bottoken webhooksecret jwtsecret authorization authtok pat cred creds "
        b"jeton jetonacces segreto segredo secreto geheimnis geheimschlussel geheimschluessel parola clavesecreta clave"
    ).split()
)
_SECRET_ENDS = (b"secret", b"token", b"apikey", b"sschluessel", b"sschlussel", b"ssleutel")
_KEYS = frozenset(
    b"key keys cle cles clef llave chave chiave sleutel klucz schluessel schlussel nyckel nogle nokkel avain anahtar"
    b" anahtari cheie raktas kulcs kljuc klic kluc kunci khoa".split()
)
_BEFORE_KEY = frozenset(
    (
        b"api access secret private auth client master encryption signing service account app application agent "
        b"license subscription admin deploy hmac jwt write ingest server rest shared functions storage "
        b"consumer integration user webhook session crypt cipher aes des decryption personal management stripe "
        b"sendgrid merchant routing tajny"
    ).split()
)
_AFTER_KEY = frozenset(
    (
        b"api acces accesso acceso acesso dacces secrete secreta segreta privee privada privata prive chiffrement"
        b" cifrado cifrado dapi prywatny prywatna"
    ).split()
)
"""Adjectives that follow the word for a key in some languages: `cle_api`, `clave_secreta`."""
_ENDINGS = frozenset(
    (
        b"value prod production dev test staging default old new primary secondary base64 b64 plain plaintext live "
        b"raw str string base text current previous local main data hex enc encoded db bd bdd bazy databaze banco "
        b"veritabani do de da"
    ).split()
)
_NOT_SECRET = frozenset(
    (
        b"public pub publishable anon primary foreign partition sort cache index csrf xsrf page next continuation "
        b"pagination idempotency hash hashed encrypted ciphertext digest checksum lifecycle sha commit integrity "
        b"fingerprint object lookup group registry max min num count total class route query translation i18n dict map "
        b"row column unique tokens reset cursor keyboard bucket s3 image file sync eos bos pad unk mask cls sep host "
        b"known trusted verify verification pubkey sitekey site mint contract instrumentation instrumentationkey "
        b"tokenization"
    ).split()
)
_NO_SERVICE = frozenset(
    (
        b"a an the this that my our get set has is in on no to of by with other some each both same last first left "
        b"dedupe dedup hash range composite natural surrogate business config configuration setting settings item node "
        b"parent child source target job task run content document entity record ssh gpg pgp field form order product "
        b"message event metric build artifact dependency lock state cookie storage redis memcached kv localstorage map "
        b"metadata meta tag label model view template resource location region zone shard bucket segment slot block "
        b"section panel tab menu hot short shortcut arrow modifier meta esc escape enter return function control alt "
        b"shift space up down home end delete insert plain str string int number float value json yaml xml data type "
        b"kind name id uuid guid etag version release revision trace span request response correlation transaction "
        b"tracking order invoice customer account user member team org organization tenant workspace project "
        b"environment env feature flag experiment variant test spec suite case step issue ticket epic story sprint "
        b"board widget component react list array tree graph edge vertex leaf root path url uri route page screen "
        b"preference option param parameter arg argument property attribute prop symbol const constant enum dictionary "
        b"cert certificate root ca ec rsa dsa dh ed25519 public verifying verifier validation recipient peer sender "
        b"distribution foreign primary media video audio asset attachment blob upload download photo thumbnail avatar "
        b"game lookup search filter match join group sort index old new temp tmp dummy sample example fake mock tpm "
        b"install import export add remove recv receive send list sign signing edit trust refresh show generate "
        b"create use"
    ).split()
)
"""Words before `key` that name no service; the value, often a digest or a UUID, identifies something."""
_WEAK = frozenset(b"key auth session cookie salt webhook".split())
_PASSING = frozenset(b"request change lock update client unit starting creation export import".split())
"""Words before `token` for tokens that repeat or order requests: they are identifiers, most often UUIDs."""
_ANYWHERE = frozenset(b"secret token password passwd apikey motdepasse contrasena".split())
"""Words that make a name at least `WEAK`, wherever in it they are."""
_ABOUT = frozenset(
    (
        b"id ids name names label title url urls uri endpoint path file dir type kind class arn ref reference version "
        b"length len size limit budget count expiry expires expiration ttl age rotation policy provider manager store "
        b"scope scopes format prefix suffix pattern regex env variable var field hint error message status state "
        b"request response description help usage created updated date time at by for owner user username email "
        b"address addr addresses mint contract symbol decimals supply pool pair holder"
    ).split()
)
"""Last words of names whose values describe a secret but are none, such as `token_url`."""

_LATIN = str.maketrans("łŁøØđĐıßæœ", "lLoOdDisao")


def _unaccented(name: bytes) -> bytes:
    """Return *name* without accents (`clé` becomes `cle`) and without letters of other scripts."""
    import unicodedata

    text = unicodedata.normalize("NFKD", name.decode("utf-8", "ignore").translate(_LATIN))
    return text.encode("ascii", "ignore")


@functools.lru_cache(maxsize=4096)
def strength(name: bytes) -> int:
    """Return how strongly the key *name* says that its value is a secret; `context.convinces` applies it to the value.

    - `PASSWORD`: any value that looks like a password is a secret.
    - `SECRET`: any generated value is, digests included.
    - `SERVICE`, for a word before `key` that could be a vendor's name: digests, and longer values that look random.
    - `WEAK`, for a name that ends in `auth`, `session` and the like, or has `secret` elsewhere: only long values that
      look random and are no digest.
    """
    name = name[-80:]
    if not name.isascii():
        if any(map(name.decode("utf-8", "ignore").encode().decode("latin-1").__contains__, _OTHER_PASSWORDS)):
            return Strength.PASSWORD
        if any(map(name.decode("latin-1").__contains__, _OTHER_SCRIPTS)):
            return Strength.SECRET
        name = _unaccented(name)
    parts = [part.lower() for part in _PARTS().findall(name)]
    if b"not" in parts and b"do" in parts:  # drop `do_not_commit` from `todo_secret_do_not_commit`
        parts = parts[: parts.index(b"do")]
    while parts and (parts[-1] in _ENDINGS or parts[-1].isdigit()):
        parts.pop()
    return _strength(tuple(parts)) if parts else Strength.NONE


def _strength(parts: tuple[bytes, ...]) -> int:
    last, before = parts[-1], parts[-2] if len(parts) > 1 else b""
    joined = before + last
    if last == b"key" and (parts[0] == b"search" or {b"search", b"only"}.issubset(parts) or b"socket" in parts):
        return Strength.NONE  # public search keys of web pages, and `Sec-WebSocket-Key`
    if _NOT_SECRET.intersection(parts) and (b"hashed" in parts or b"encrypted" in parts):
        return Strength.NONE
    if last in _PASSWORD or joined in _PASSWORD or b"".join(parts[-3:]).endswith(_PASSWORD_ENDS):
        return Strength.PASSWORD
    if (
        _NOT_SECRET.intersection(parts)
        and joined != b"registrytoken"
        and before not in (b"secret", b"api", b"access", b"auth")
    ):
        return Strength.NONE
    if last == b"token" and before in _PASSING:
        return Strength.WEAK
    if last in _SECRET or joined in _SECRET or last.endswith(_SECRET_ENDS):
        return Strength.SECRET
    return _of_key(parts, last, before)


def _of_key(parts: tuple[bytes, ...], last: bytes, before: bytes) -> int:
    """Return the strength of a name that no earlier test decided on; it may end in a word for a key."""
    if last in _AFTER_KEY and _KEYS.union((b"jeton", b"clave")).intersection(parts[-3:-1]):
        return Strength.SECRET
    if last in _KEYS and (before in _BEFORE_KEY or (len(parts) > 2 and _BEFORE_KEY.intersection(parts))):
        return Strength.SECRET
    service = (before or last[:-3]) if last in (b"key", b"keys") else last[:-3] if last.endswith(b"key") else b""
    if len(service) > (1 if before else 3) and not _NO_SERVICE.intersection((*parts, service)):
        return Strength.SERVICE
    if (
        last in _WEAK
        or last in _KEYS
        or last.endswith(b"key")
        or (last not in _ABOUT and _ANYWHERE.intersection(parts))
    ):
        return Strength.WEAK
    return Strength.NONE
