"""Credentials known by the place they stand in: URLs, netrc, pgpass, htpasswd, Docker, headers, commands."""

import binascii

from sotctl.secrets.published import is_published
from sotctl.secrets.rule import SecretRule, any_of
from sotctl.secrets.values import is_generated, is_password, is_placeholder, is_reference

_STOCK = frozenset(b"password passwd pass pwd pw p secret token apikey key user username host string none null true false git root admin guest test postgres mysql redis changeme mypassword pass123 x-access-token oauth2".split())
"""Words that stand for a password in manuals."""

_EXAMPLE = r"(?:[\w\-]{1,60}\.){0,4}example(?:\.(?:com|org|net))?\.?(?::[0-9]{1,5})?"
_MANUAL = rf"(?![^\s@]{{1,7}}@{_EXAMPLE}(?:,{_EXAMPLE}){{0,4}}(?![\w.\-,]))"
"""Not a short password at hosts that RFC 2606 keeps for examples."""

_COMMANDS = (
    *("sshpass ", "mysql ", "mysqldump ", "mysqladmin ", "docker login ", "podman login ", "helm registry login ", "redis-cli ", "mongo ", "mongosh "),
    *("ldapsearch ", "sqlcmd ", "az login ", "smbclient ", "kinit ", "net use ", "psexec ", "PsExec ", "PSEXEC "),
)

_CURL = r"(?:curl [^\r\n|;]{0,160}?(?<= )-[A-Za-z]{1,8}u|(?<!\S)(?:-u|--user(?=[ =])|--proxy-user(?=[ =])))[ =]{0,3}[\"']?"
"""Where curl is given a user; short options may stand in one word."""
_NEAR_CURL = r"(?:curl [^\r\n|;]*-[A-Za-z]{1,8}u|-u|--user|--proxy-user)[ =]{0,3}[\"']?"

_USER = r"[^\s:/?#\[\]@\"'<>`(){}$,;\\|]{0,80}"


def _is_placed(value: bytes) -> bool:
    """Check a value whose place says that it is a password: anything but a stock word or a stand-in."""
    if len(value) < 5 or len(set(value)) < 4 or value.lower().translate(None, b":._-") in _STOCK or is_placeholder(value) or is_reference(value):
        return False
    names_itself = any(word in value.lower() for word in (b"passw", b"secret", b"token", b"api_", b"_key"))
    return not (names_itself and not any(48 <= byte <= 57 for byte in value))


def _is_basic(value: bytes) -> bool:
    """Tell whether *value* is the base64 of `name:password` (RFC 7617)."""
    try:
        decoded = binascii.a2b_base64(value + b"=" * (-len(value) % 4))
    except binascii.Error:
        return False
    name, colon, password = decoded.partition(b":")
    readable = decoded.isascii() and all(32 <= byte < 127 for byte in decoded)
    stands_in = is_placeholder(password) or is_reference(password) or password.lower() in _STOCK
    return bool(colon and name and readable and len(password) >= 4 and not stands_in)


def _is_nuget(value: bytes) -> bool:
    """Check what stands where nothing but a password may: even one of words, but neither a stand-in nor the manual's."""
    return not (value.lower() in _STOCK or is_placeholder(value) or is_reference(value) or is_published(value))


def _is_command_password(value: bytes) -> bool:
    """Check what stands behind `-p`: a port, a path or a word without a digit is not a password."""
    return _is_placed(value) and is_password(value)


RULES = (
    SecretRule(
        id="url-password",
        loose=True,
        summary="password in a URL",
        keywords=("://",),
        reach=24,
        source="RFC 3986 section 3.2.1; RFC 2606",
        accept=_is_placed,
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
        summary="token as the user of a URL",
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
        summary="password of a netrc file",
        keywords=("password",),
        near=r"login\s+\S+\s+(?:account\s+\S+\s+)?password\s",
        reach=320,
        source="https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html",
        accept=_is_placed,
        pattern=r"(?:^|[\r\n]|[ \t])(?:machine\s{1,8}\S{1,100}|default)\s{1,8}login\s{1,8}\S{1,80}\s{1,8}(?:account\s{1,8}\S{1,80}\s{1,8})?password\s{1,8}(?P<secret>\S{5,400})",
        matches=("machine a.example login ada password " + "correcthorse" + "battery", "machine a\n  login b\n  password " + "c0rrect"),
        misses=("machine x login y password $PASS", "the login and the password of a machine"),
    ),
    SecretRule(
        id="pgpass-password",
        loose=True,
        summary="password of a .pgpass file",
        keywords=(":*:", *(f":{digit}" for digit in "123456789")),
        near=r":(?:[0-9]{3,5}|\*):[\w.*\-]{1,64}:[\w.*\-]{1,64}:[^\s:]",
        source="https://www.postgresql.org/docs/current/libpq-pgpass.html",
        accept=lambda value: _is_placed(value) and is_password(value),
        pattern=r"(?<=[\w.*\-]):(?:[1-9][0-9]{2,4}|\*):(?=[\w.\-]{0,63}[A-Za-z*])(?![0-9A-Fa-f]{0,3}[0-9][0-9A-Fa-f]{0,3}:)[\w.*\-]{1,64}:(?=[\w.\-]{0,63}[A-Za-z*])(?![0-9A-Fa-f]{0,3}[0-9][0-9A-Fa-f]{0,3}:)[\w.*\-]{1,64}:(?P<secret>(?:[^\s:\\\"'`]|\\.){5,200})(?=[\r\n\"'`]|\Z)",
        matches=("db.example:5432:app:ada:" + "correcthorse9",),
        misses=("localhost:5432:db", "a:*:b", "main.c:5432:ada:init:failed", "fe80:1234:ab:cd:12345"),
    ),
    SecretRule(
        id="password-hash",
        summary="password hash of an account",
        reach=80,
        source="crypt(5); https://httpd.apache.org/docs/current/misc/password_encryptions.html",
        keywords=(":$apr1$", ":$1$", ":$5$", ":$6$", ":$y$", ":$2y$", ":$2b$", ":$2a$", ":{SHA}", ":{SSHA}", ":$argon2", ":$7$", ":$gy$"),
        accept=lambda value: len(set(value)) > 10 and not is_placeholder(value),
        pattern=r"(?:^|[\s\"'`|])[A-Za-z_][\w.@\-]{0,64}:(?P<secret>\$(?:apr1|1|5|6|7|y|gy|2[aby]|argon2id?|argon2i)\$[A-Za-z0-9./$=,+]{20,200}|\{S?SHA\}[A-Za-z0-9+/]{20,60}={0,2})",
        matches=("ada:$apr1$" + "aB3dE6gH$" + "kLmN0pQ2rStU4vW7xYzA1b", "root:$6$" + "aB3dE6gH$" + "kLmN0pQ2rStU4vW7xYzA1b" * 3 + ":19000:0:99999:7:::"),
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
        id="curl-password",
        loose=True,
        summary="user and password given to curl",
        keywords=("-u", "--user", "--proxy-user", "curl "),
        near=_NEAR_CURL + r"[^\s:\"'$<{/]*[\"']?:[\"']?[^\s:\"'$<{@/]",
        accept=_is_placed,
        source="https://curl.se/docs/manpage.html#-u",
        pattern=_CURL + r"[^\s:\"'$<{/()*\[\]]{0,80}[\"']?:[\"']?(?P<secret>[^\s:\"'$<{@/\0][^\s\"'/\0]{4,120})[\"']?(?=\s|\Z|\\)",
        matches=("curl -u ada:" + "c0rrectHorse" + " https://a.example", "curl --user 'ada:" + "c0rrectHorse" + "'"),
        misses=("docker run -u 1000:1000 image", "curl -u user:password x", "chown -u a:b", "curl -u $USER:$PASS"),
    ),
    SecretRule(
        id="curl-token",
        loose=True,
        summary="token given to curl as a user without a password",
        keywords=("-u", "--user", "--proxy-user", "curl "),
        near=_NEAR_CURL + r"[^\s:\"'$<{/@]{12,120}:",
        accept=_is_command_password,
        source="https://curl.se/docs/manpage.html#-u",
        pattern=_CURL + r"(?P<secret>[^\s:\"'$<{/@]{12,120}):[\"']?(?=\s|\Z)",
        matches=("curl -u " + "sk0aB3dE6gH9kL2" + ": https://a.example", 'curl --user "' + "d2LkV78zLx!t" + ':" https://a.example'),
        misses=("curl -u administrator: https://a.example", "curl -u $API_KEY_FROM_ENV:", "docker run -u 1000:1000 image"),
    ),
    SecretRule(
        id="curl-header",
        loose=True,
        summary="credential in a header given to curl",
        keywords=("-H", "--header"),
        near=r"(?:-H|--header)[ =]{0,3}[\"'](?i:authorization|(?:x-)?(?:api|auth|access|secret)[\-_]?(?:key|token)|private-token):",
        accept=lambda value: len(value) >= 10 and is_password(value),
        source="https://curl.se/docs/manpage.html#-H",
        pattern=r"(?:-H|--header)[ =]{0,3}[\"'](?i:authorization|(?:x-)?(?:api|auth|access|secret)[\-_]?(?:key|token)|private-token): {0,3}"
        r"(?:(?i:bearer|token|apikey) {1,3})?(?P<secret>[^\s\"'$<{]{10,400})[\"']",
        matches=("curl -H 'X-Api-Key: " + "aB3dE6gH9kL" + "'", 'curl --header "Authorization: ' + "sha256~aB3dE6gH9k" + '"'),
        misses=("curl -H 'Authorization: Bearer $TOKEN'", "curl -H 'X-Api-Key: <key>'", 'curl -H "Accept: application/vnd.v3+json"', "curl -H 'Api-Token: your-token'"),
    ),
    SecretRule(
        id="django-secret-key",
        loose=True,
        summary="secret key of Django",
        keywords=("SECRET_KEY",),
        reach=0,
        accept=lambda value: is_generated(value) and len(set(value)) >= 16 and not value.isalnum(),
        source="https://docs.djangoproject.com/en/stable/ref/settings/#secret-key",
        pattern=r"SECRET_KEY[\"']?\]?\s{0,4}(?:[:=]|,)\s{0,4}[\"'](?P<secret>(?:django-insecure-)?[a-z0-9!@#$%^&*(\-_=+)]{50})[\"']",
        matches=("SECRET_KEY = '" + "c-@w5^@f^6n@z2nz8siu_i+^xc" + "036xovf!b!!&q+-sw&7vzx7r" + "'",),
        misses=("SECRET_KEY = 'your-secret-key'", "SECRET_KEY = '" + "x" * 50 + "'", "SECRET_KEY = os.environ['SECRET_KEY']"),
    ),
    SecretRule(
        id="nuget-password",
        loose=True,
        summary="password of a NuGet source",
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
        summary="password given to a login",
        keywords=("login(", "log_in(", "logIn(", "authenticate("),
        accept=_is_command_password,
        source="https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.login",
        pattern=r"(?:log_?in|logIn|authenticate)\(\s{0,20}[^()\r\n]{1,80},\s{0,20}[\"'](?P<secret>[^\"'\s]{5,80})[\"']\s{0,4}[,)]",
        matches=('server.login("ada@mail.example", "' + "c0rrectHorse" + '")', "client.authenticate(user, '" + "c0rrectHorse" + "')"),
        misses=('login(user, "password")', "login(user, password)", 'client.authenticate(request, "basic")', 'login("/login", "POST")'),
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
        id="command-password",
        loose=True,
        summary="password given to a command",
        keywords=_COMMANDS,
        source="https://man7.org/linux/man-pages/man1/sshpass.1.html; https://dev.mysql.com/doc/refman/8.4/en/connecting.html",
        accept=_is_command_password,
        pattern=any_of(_COMMANDS) + r"(?:[^\n|;&]{0,200}?[ ])?(?:-p|-P|-a|-w|--pass|-pw)[ =]{0,2}[\"']?(?P<secret>[^\s\"'$<{\-][^\s\"']{5,120})",
        matches=("sshpass -p " + "c0rrectHorse" + " ssh a", "mysql -u ada -p" + "c0rrectHorse" + " app", "docker login -u ada -p " + "c0rrectHorse9"),
        misses=("mysql -u root -p app", "docker login -u ada --password-stdin", "redis-cli -p 6379"),
    ),
    SecretRule(
        id="sql-password",
        loose=True,
        summary="password in an SQL statement",
        keywords=("identified", "password"),
        fold=True,
        source="https://dev.mysql.com/doc/refman/8.4/en/create-user.html; https://www.postgresql.org/docs/current/sql-createrole.html",
        accept=_is_placed,
        near=r"(?:identified\s+(?:with\s+[\w']+\s+)?(?:by|as)(?:\s+password)?|password(?:\s+for\s+[^=;]+=)?)\s*=?\s*(?:password\()?'[^'\s]{5}",
        pattern=r"(?i:identified\s{1,4}(?:with\s{1,4}[\w']{1,40}\s{1,4})?(?:by|as)(?:\s{1,4}password)?|password(?:\s{1,4}for\s{1,4}[^=;]{1,60}=)?)(?=[\s=(])\s{0,4}=?\s{0,4}(?i:password\()?'(?P<secret>[^'\s]{5,120})'",
        matches=("CREATE USER ada IDENTIFIED BY '" + "c0rrectHorse" + "';", "ALTER ROLE ada PASSWORD '" + "c0rrectHorse" + "'"),
        misses=("IDENTIFIED BY 'password'", "IDENTIFIED BY '<password>'", "IDENTIFIED BY ?"),
    ),
)
