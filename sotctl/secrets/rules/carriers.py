"""Credentials recognised by their surroundings: URLs, netrc, pgpass, htpasswd, headers, logins, SQL, sentences."""

import binascii

from sotctl.secrets.passwords import is_password
from sotctl.secrets.placed import STOCK, is_placed, is_placed_password
from sotctl.secrets.published import is_published
from sotctl.secrets.rule import SecretRule, any_of
from sotctl.secrets.values import irregularity, is_generated, is_placeholder, is_reference

_EXAMPLE = r"(?:[\w\-]{1,60}\.){0,4}example(?:\.(?:com|org|net))?\.?(?::[0-9]{1,5})?"
_MANUAL = rf"(?![^\s@]{{1,7}}@{_EXAMPLE}(?:,{_EXAMPLE}){{0,4}}(?![\w.\-,]))"
"""Excludes short passwords for the hosts that RFC 2606 reserves for examples."""

_SECOND = ("login", "log_in", "authenticate", "BasicAuth", "DigestAuth", "Credentials.basic", "NetworkCredential", "PasswordAuthentication", "PasswordCredential", "PasswordCredentials")
_THIRD = ("getConnection", "mysqli", "mysqli_connect", "PDO", "pymysql.connect", "MySQLdb.connect")
"""Calls whose second, or third, argument is a password."""
_ARGUMENT = r"\s{0,20}[^,()\r\n]{1,120},\s{0,20}"

_USER = r"[^\s:/?#\[\]@\"'<>`(){}$,;\\|]{0,80}"


def _is_basic(value: bytes) -> bool:
    """Whether *value* is the base64 of `name:password` (RFC 7617) with a password that is no placeholder."""
    try:
        decoded = binascii.a2b_base64(value + b"=" * (-len(value) % 4))
    except binascii.Error:
        return False
    name, colon, password = decoded.partition(b":")
    readable = not is_published(value) and decoded.isascii() and all(32 <= byte < 127 for byte in decoded)
    stands_in = is_placeholder(password) or is_reference(password) or password.lower() in STOCK
    return bool(colon and name and readable and len(password) >= 4 and not stands_in)


def _is_nuget(value: bytes) -> bool:
    """Whether *value* is a real password. It may consist of words, because nothing else is allowed in its place."""
    return not (value.lower() in STOCK or is_placeholder(value) or is_reference(value) or is_published(value))


RULES = (
    SecretRule(
        id="url-password",
        loose=True,
        summary="password in a URL",
        keywords=("://",),
        reach=24,
        source="RFC 3986 section 3.2.1; RFC 2606",
        accept=is_placed,
        near=r"://[^\s/?#\"'<>]{0,161}:[^\s\"'<>]{3,200}@",
        pattern=r"[A-Za-z][A-Za-z0-9+.\-]{1,20}://" + _USER + r"(?:@" + _USER + r")?:(?![0-9]{2,5}[/?#])" + _MANUAL + r"(?P<secret>[^\s/?#@\"'<>`{}\\|]{3,200}|[^\s@\"'<>`{}\\|]{3,80})@[A-Za-z0-9\[_%]",
        matches=(
            "postgres://ada:" + "s3cretPw9" + "@db:5432/x",
            "https://ada:" + "aB3dE6gH9k" + "@git.example.net/x.git",
            "redis://:" + "aB3dE6gH9k" + "@cache",
            "ftp://ada@mail.example:" + "aB3dE6gH9k" + "@files",
            "postgres://ada:" + "hunt" + "er2@db.internal/x",
        ),
        misses=("postgres://user:password@localhost/db", "https://example.com/a:b@c", "https://${USER}:${PASS}@host", "http://[::1]:80/", "https://x:<token>@host", "http://host:8080/a@b", "https://ada:" + "s3cr" + "3t@api.example.com/v1"),
    ),
    SecretRule(
        id="url-token",
        loose=True,
        summary="token as the user name in a URL",
        keywords=("://",),
        source="RFC 3986 section 3.2.1",
        reach=0,
        near=r"://[A-Za-z0-9_\-]{32,255}(?::x-oauth-basic|:)?@",
        pattern=r"://(?P<secret>[A-Za-z0-9_\-]{32,255})(?::x-oauth-basic|:)?@(?![\w.\-]{0,80}(?:sentry|ingest|glitchtip|bugsink))[A-Za-z0-9]",
        accept=lambda v: not is_placeholder(v) and is_password(v),
        matches=("https://" + "0a1b2c3d" * 5 + "@git.example.net/x",),
        misses=("https://git@example.net",),
    ),
    SecretRule(
        id="netrc-password",
        loose=True,
        summary="password in a netrc file",
        keywords=("password",),
        near=r"(?:machine\s+\S+|default)\s+login\s+\S+\s+(?:account\s+\S+\s+)?password\s",
        reach=320,
        source="https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
        accept=is_placed,
        pattern=r"(?:^|[\r\n]|[ \t])(?:machine\s{1,8}\S{1,100}|default)\s{1,8}login\s{1,8}\S{1,80}\s{1,8}(?:account\s{1,8}\S{1,80}\s{1,8})?password\s{1,8}(?P<secret>\S{5,400})",
        matches=("machine a.example login ada password " + "correcthorse" + "battery", "machine a\n  login b\n  password " + "c0rrect"),
        misses=("machine x login y password $PASS", "the login and the password of a machine"),
    ),
    SecretRule(
        id="pgpass-password",
        loose=True,
        summary="password in a .pgpass file",
        keywords=(":*:", *(f":{digit}" for digit in "123456789")),
        near=r":(?:[0-9]{3,5}|\*):[\w.*\-]{1,64}:[\w.*\-]{1,64}:[^\s:]",
        source="https://www.postgresql.org/docs/current/libpq-pgpass.html",
        accept=is_placed_password,
        pattern=r"(?<=[\w.*\-]):(?:[1-9][0-9]{2,4}|\*):(?=[\w.\-]{0,63}[A-Za-z*])(?![0-9A-Fa-f]{0,3}[0-9][0-9A-Fa-f]{0,3}:)[\w.*\-]{1,64}:(?=[\w.\-]{0,63}[A-Za-z*])(?![0-9A-Fa-f]{0,3}[0-9][0-9A-Fa-f]{0,3}:)[\w.*\-]{1,64}:(?P<secret>(?:[^\s:\\\"'`]|\\.){5,200})(?=[\r\n\"'`]|\Z)",
        matches=("db.example:5432:app:ada:" + "correcthorse9",),
        misses=("localhost:5432:db", "a:*:b", "main.c:5432:ada:init:failed", "fe80:1234:ab:cd:12345"),
    ),
    SecretRule(
        id="password-hash",
        summary="password hash of an account",
        reach=80,
        source="crypt(5); https://httpd.apache.org/docs/current/misc/password_encryptions.html",
        keywords=(":$apr1$", ":$1$", ":$5$", ":$6$", ":$y$", ":$2y$", ":$2b$", ":$2a$", ":{SHA}", ":{SSHA}", ":$argon2", ":$7$", ":$gy$", ":$$apr1$$", ":$$2"),
        accept=lambda value: len(set(value)) > 10 and not is_placeholder(value),
        pattern=r"(?:^|[\s\"'`|=,])[A-Za-z_][\w.@\-]{0,64}:(?P<secret>\$(?:apr1|1|5|6|7|y|gy|2[aby]|argon2id?|argon2i)\$[A-Za-z0-9./$=,+]{20,200}|\$\$(?:apr1|2[aby])\$\$[A-Za-z0-9./$]{20,200}|\{S?SHA\}[A-Za-z0-9+/]{20,60}={0,2})",
        matches=("ada:$apr1$" + "aB3dE6gH$" + "kLmN0pQ2rStU4vW7xYzA1b", "root:$6$" + "aB3dE6gH$" + "kLmN0pQ2rStU4vW7xYzA1b" * 3 + ":19000:0:99999:7:::", "basicauth.users=ada:$$apr1$$" + "aB3dE6gH$$" + "kLmN0pQ2rStU4vW7xYzA1b"),
        misses=("root:$6$", "price:$5$"),
    ),
    SecretRule(
        id="basic-credentials",
        loose=True,
        summary="user and password in base64",
        keywords=("basic", "auth"),
        near=r"(?:basic|auth\"?)(?:[ \t]+|[ \t]*[:=][ \t]*)[\"']?[A-Za-z0-9+/]{8}",
        fold=True,
        source="RFC 7617; https://docs.docker.com/reference/cli/docker/login/",
        accept=_is_basic,
        pattern=r"(?i:basic|auth\"?)(?:[ \t]{1,4}|[ \t]{0,20}[:=][ \t]{0,4})[\"']?(?P<secret>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/=])",
        matches=("Authorization: Basic " + "YWRhOm" + "MwcnJlY3RIb3JzZQ==", '{"auth": "' + "YWRhOm" + 'MwcnJlY3RIb3JzZQ=="}'),
        misses=("Basic authentication", '"auth": "none"', "Authorization: Basic dXNlcjpwYXNz"),
    ),
    SecretRule(
        id="django-secret-key",
        loose=True,
        summary="Django secret key",
        keywords=("SECRET_KEY",),
        reach=0,
        accept=lambda value: len(set(value)) >= 16 and not value.isalnum() and is_generated(value.translate(None, b"!@#$%^&*(-_=+)")),
        source="https://docs.djangoproject.com/en/stable/ref/settings/#secret-key",
        pattern=r"SECRET_KEY[\"']?\]?\s{0,4}(?:[:=]|,)\s{0,4}[\"'](?P<secret>(?:django-insecure-)?[a-z0-9!@#$%^&*(\-_=+)]{50})[\"']",
        matches=("SECRET_KEY = '" + "c-@w5^@f^6n@z2nz8siu_i+^xc" + "036xovf!b!!&q+-sw&7vzx7r" + "'",),
        misses=("SECRET_KEY = 'your-secret-key'", "SECRET_KEY = '" + "x" * 50 + "'", "SECRET_KEY = os.environ['SECRET_KEY']"),
    ),
    SecretRule(
        id="nuget-password",
        loose=True,
        summary="password of a NuGet package source",
        keywords=("cleartextpassword",),
        fold=True,
        accept=_is_nuget,
        source="https://learn.microsoft.com/nuget/reference/nuget-config-file#packagesourcecredentials",
        pattern=r"(?i:cleartextpassword)\"\s{1,8}value=\"(?P<secret>[^\"\r\n]{6,200})\"",
        matches=('<add key="ClearTextPassword" value="' + "correctHorse" + '" />',),
        misses=('<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />', '<add key="ClearTextPassword" value="password" />', '<add key="ClearTextPassword" value="..." />'),
    ),
    SecretRule(
        id="login-call",
        loose=True,
        summary="password passed to a login or connection call",
        keywords=tuple({call.partition(".")[0].lower(): None for call in (*_SECOND, *_THIRD)}),
        fold=True,
        accept=is_placed_password,
        source="https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.login; https://www.php.net/manual/en/pdo.construct.php",
        near=r"(?:log_?in|authenticate|auth|\.basic|credentials?|authentication|connect(?:ion)?|mysqli|pdo)\([^()]*,\s*[\"'][^\"'\s]{5}",
        pattern=rf"(?:(?i:{any_of(_SECOND)})\(|(?i:{any_of(_THIRD)})\({_ARGUMENT}){_ARGUMENT}[\"'](?P<secret>[^\"'\s]{{5,80}})[\"']\s{{0,4}}[,).]",
        matches=(
            'server.login("ada@mail.example", "' + "c0rrectHorse" + '")',
            "client.authenticate(user, '" + "c0rrectHorse" + "')",
            "HTTPDigestAuth('ada', '" + "c0rrectHorse" + "')",
            'new PasswordAuthentication("ada", "' + "c0rrectHorse" + '".toCharArray())',
            "new mysqli('db.internal', 'ada', '" + "c0rrectHorse" + "', 'app')",
        ),
        misses=('login(user, "password")', "login(user, password)", 'client.authenticate(request, "basic")', 'login("/login", "POST")', "new PDO($dsn, 'ada', getenv('PW'))", 'connect("https://a.example/v1", "GET", "x")'),
    ),
    SecretRule(
        id="crypt-hash",
        summary="password hash",
        keywords=("$2a$", "$2b$", "$2y$", "$1$", "$5$", "$6$", "$apr1$"),
        source="crypt(5); https://httpd.apache.org/docs/current/misc/password_encryptions.html",
        lead=("A-Za-z0-9./=$", 20),
        accept=lambda value: len(set(value)) > 10 and not is_placeholder(value),
        pattern=r"(?<![A-Za-z0-9$])\$(?:2[aby]\$[0-9]{2}\$[A-Za-z0-9./]{53}|(?:1|apr1)\$[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22}|5\$(?:rounds=[0-9]{3,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}|6\$(?:rounds=[0-9]{3,9}\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86})(?![A-Za-z0-9./])",
        matches=("('ada', '$2y$12$" + "aB3dE6gH9k" * 5 + "xYz')", "$6$" + "aB3dE6gH$" + "kLmN0pQ2rStU4vW7xYzA1b" * 3 + "kLmN0pQ2rStU4vW7xYzA"),
        misses=("$2a$", "costs $1$ or $5$", "$2a$10$" + "." * 53),
    ),
    SecretRule(
        id="sql-password",
        loose=True,
        summary="password in an SQL statement",
        keywords=("identified", "password"),
        fold=True,
        source="https://dev.mysql.com/doc/refman/8.4/en/create-user.html; https://www.postgresql.org/docs/current/sql-createrole.html",
        accept=is_placed,
        near=r"(?:identified\s+(?:with\s+[\w']+\s+)?(?:by|as)(?:\s+password)?|password(?:\s+for\s+[^=;]+=)?)\s*=?\s*(?:password\()?n?['\"][^'\"\s]{5}",
        pattern=r"(?:(?i:identified\s{1,4}by)\s{1,4}\"(?=[^\"\s]{0,60}[0-9])|(?i:identified\s{1,4}(?:with\s{1,4}[\w']{1,40}\s{1,4})?(?:by|as)(?:\s{1,4}password)?|password(?:\s{1,4}for\s{1,4}[^=;]{1,60}=)?)"
        r"(?=[\s=(])\s{0,4}=?\s{0,4}(?i:password\()?n?')(?P<secret>[^'\"\s]{5,120})['\"]",
        matches=("CREATE USER ada IDENTIFIED BY '" + "c0rrectHorse" + "';", "ALTER ROLE ada PASSWORD '" + "c0rrectHorse" + "'", 'ALTER USER ada IDENTIFIED BY "' + "c0rrectHorse" + '"'),
        misses=("IDENTIFIED BY 'password'", "IDENTIFIED BY '<password>'", "IDENTIFIED BY ?", 'is identified by "name_of_it"'),
    ),
    SecretRule(
        id="told-password",
        loose=True,
        summary="password stated in a sentence",
        keywords=("password", "passphrase", "passcode", "passwort", "passe"),
        fold=True,
        source="https://cwe.mitre.org/data/definitions/256.html",
        near=r"(?:password|passphrase|passcode|passwort|passe) (?:is|ist|est) (?:now |set to )?[\"'`]?[^\s\"'`<>]{8}",
        accept=lambda value: is_placed_password(value) and irregularity(value) >= 0.25,
        pattern=r"(?i:password|passphrase|passcode|passwort|passe) (?i:is|ist|est) (?:now |set to )?[\"'`]?(?P<secret>[^\s\"'`<>,;()]{8,120})(?<![.:!?])",
        matches=("The password is " + "h7Kq2mZ9vX" + ".", "mot de passe est '" + "h7Kq2mZ9vX" + "'"),
        misses=("The password is base64-encoded.", "password is required", "The password is stored with SHA-256 in db1.", "password is <password>"),
    ),
)
