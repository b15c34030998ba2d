"""Credentials passed to commands, in scripts, manuals and shell histories."""

from __future__ import annotations

from sotctl.secrets.passwords import is_password
from sotctl.secrets.placed import is_given, is_placed, is_placed_password
from sotctl.secrets.rule import SecretRule, any_of, escaped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

_CURL = r"(?:curl [^\r\n|;]{0,160}?(?<= )-[A-Za-z]{1,8}u|(?<!\S)(?:-u|--user(?=[ =])|--proxy-user(?=[ =])))[ =]{0,3}[\"']?"
"""The user option of curl; short options can be combined in one word."""
_NEAR_CURL = r"(?:curl [^\r\n|;]*-[A-Za-z]{1,8}u|-u|--user|--proxy-user)[ =]{0,3}[\"']?"
_HEADER = r"(?:-H|--header)[ =]{0,3}[\"'](?i:authorization|(?:x-)?(?:api|auth|access|secret)[\-_]?(?:key|token)|private-token):"

_FLAGGED = (
    *("sshpass", "mysql", "mysqldump", "mysqladmin", "docker login", "podman login", "helm registry login", "redis-cli", "mongo", "mongosh", "mongodump", "mongorestore"),
    *("ldapsearch", "sqlcmd", "bcp", "isql", "cqlsh", "az login", "mosquitto_pub", "mosquitto_sub", "smbclient", "kinit", "psexec", "7z a", "7z x"),
)
"""Commands that take a password after `-p` or a similar option."""

_OPTIONS = r"[^\r\n|;]{0,160}?"
_NAMED = r"\s{0,4}[\"'][^\"'\r\n]{1,60}[\"'],\s{0,4}"
_LOGIN = r"(?:-[A-Za-z] ){0,3}[\w.\-]{1,60}/"
_BETWEEN = {
    "ConvertTo-SecureString": " (?:-String )?",
    "insecure-password ": "",
    "password password ": "",
    "db.auth(": _NAMED,
    "sp_addlogin ": "N?'[^'\r\n]{1,60}', ?N?(?=')",
    "privilege 15 password ": "(?:[0-9] )?",
    **dict.fromkeys(("connect ", "sqlplus ", "impdp ", "expdp ", "sqlldr "), _LOGIN),
    "add name=": r"[^\s=]{1,60} password=",
    **dict.fromkeys(("rocommunity ", "rwcommunity ", "{PLAIN}"), ""),
    "gh secret set ": r"\w{2,80} [^\r\n]{0,80}?(?:--body|-b)[ =]",
    "glab variable set ": r"\w{2,80} ",
    **dict.fromkeys(("snyk auth ", "codecov -t ", "cargo login ", "vault login "), ""),
    "api-key store ": "[A-Z0-9]{16} ",
    "lftp -u ": r"[^\s,\"']{1,60},",
    **dict.fromkeys(("rabbitmqctl add_user ", "rabbitmqctl change_password "), r"\S{1,60} "),
    "htpasswd -b": r"[A-Za-z]{0,3} \S{1,120} \S{1,60} ",
    "http-basic.": r"[\w.\-]{1,60} \S{1,80} ",
    "pypi-token.": r"[\w.\-]{1,60} ",
    "smbclient ": _OPTIONS + r"-U ?[\"']?[^\s%\"']{1,60}%",
    "net use ": _OPTIONS + r"/user:\S{1,60} ",
    "http -a ": r"[^\s:]{1,60}:",
    **dict.fromkeys(("add-generic-password ", "add-internet-password "), _OPTIONS + "-w "),
    "put-parameter ": _OPTIONS + "--value[ =]",
    "signtool ": _OPTIONS + "/p ",
    "xfreerdp ": _OPTIONS + "/p:",
    "openssl enc ": _OPTIONS + "-k ",
    "zip -P ": "",
}
"""By how a command begins, an expression for the text between that and the credential."""


def _words(commands: Collection[str]) -> tuple[str, ...]:
    """Return the keywords for *commands*: the first word of each, or all of it if that word is too common."""
    return tuple(dict.fromkeys(map(_first_word, map(str.lower, commands))))


def _first_word(command: str) -> str:
    word = command.partition(" ")[0].partition(".")[0].partition("(")[0]
    is_telling = len(word) >= 3 and word not in _ANYWHERE and word.replace("-", "").replace("_", "").isalnum()
    return word if is_telling else command


_ANYWHERE = ("password", "add", "net", "http", "zip", "api-key", "connect")

RULES = (
    SecretRule(
        id="curl-password",
        loose=True,
        summary="user and password passed to curl",
        keywords=("-u", "--user", "--proxy-user", "curl "),
        near=_NEAR_CURL + r"[^\s:\"'$<{/]*[\"']?:[\"']?[^\s:\"'$<{@/]",
        accept=is_placed,
        source="https://curl.se/docs/manpage.html#-u",
        pattern=_CURL + r"[^\s:\"'$<{/()*\[\]]{0,80}[\"']?:[\"']?(?P<secret>[^\s:\"'$<{@/\0][^\s\"'/\0]{4,120})[\"']?(?=\s|\Z|\\)",
        matches=("curl -u ada:" + "c0rrectHorse" + " https://a.example", "curl --user 'ada:" + "c0rrectHorse" + "'"),
        misses=("docker run -u 1000:1000 image", "curl -u user:password x", "chown -u a:b", "curl -u $USER:$PASS"),
    ),
    SecretRule(
        id="curl-token",
        loose=True,
        summary="token passed to curl as a user name without a password",
        keywords=("-u", "--user", "--proxy-user", "curl "),
        near=_NEAR_CURL + r"[^\s:\"'$<{/@]{12,120}:",
        accept=is_placed_password,
        source="https://curl.se/docs/manpage.html#-u",
        pattern=_CURL + r"(?P<secret>[^\s:\"'$<{/@]{12,120}):[\"']?(?=\s|\Z)",
        matches=("curl -u " + "sk0aB3dE6gH9kL2" + ": https://a.example", 'curl --user "' + "d2LkV78zLx!t" + ':" https://a.example'),
        misses=("curl -u administrator: https://a.example", "curl -u $API_KEY_FROM_ENV:", "docker run -u 1000:1000 image"),
    ),
    SecretRule(
        id="curl-header",
        loose=True,
        summary="credential in a header passed to curl",
        keywords=("-H", "--header"),
        near=_HEADER,
        accept=lambda value: len(value) >= 10 and is_password(value),
        source="https://curl.se/docs/manpage.html#-H",
        pattern=_HEADER + r" {0,3}(?:(?i:bearer|token|apikey) {1,3})?(?P<secret>[^\s\"'$<{]{10,400})[\"']",
        matches=("curl -H 'X-Api-Key: " + "aB3dE6gH9kL" + "'", 'curl --header "Authorization: ' + "sha256~aB3dE6gH9k" + '"'),
        misses=("curl -H 'Authorization: Bearer $TOKEN'", "curl -H 'X-Api-Key: <key>'", 'curl -H "Accept: application/vnd.v3+json"', "curl -H 'Api-Token: your-token'"),
    ),
    SecretRule(
        id="command-password",
        loose=True,
        summary="password passed to a command",
        keywords=_words(_FLAGGED),
        fold=True,
        source="https://man7.org/linux/man-pages/man1/sshpass.1.html; https://dev.mysql.com/doc/refman/8.4/en/connecting.html",
        accept=is_placed_password,
        pattern=f"(?i:{any_of(_FLAGGED)}) " + r"(?:[^\n|;&]{0,200}?[ ])?(?:-p|-P|-a|-w|--pass|-pw)[ =]{0,2}[\"']?(?P<secret>[^\s\"'$<{\-][^\s\"']{5,120})",
        matches=("sshpass -p " + "c0rrectHorse" + " ssh a", "mysql -u ada -p" + "c0rrectHorse" + " app", "docker login -u ada -p " + "c0rrectHorse9", "7z a -p" + "c0rrectHorse" + " a.7z b"),
        misses=("mysql -u root -p app", "docker login -u ada --password-stdin", "redis-cli -p 6379"),
    ),
    SecretRule(
        id="command-line-password",
        loose=True,
        summary="credential passed to a shell, console or device command",
        source="https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring; https://cli.github.com/manual/gh_secret_set",
        keywords=_words(_BETWEEN),
        fold=True,
        accept=is_given,
        pattern="(?:" + "|".join(f"(?i:{escaped(command)}){between}" for command, between in _BETWEEN.items()) + r")[\"']?(?P<secret>[^\s\"'$<>|:\\/@\-][^\s\"'<>|:\\@]{5,299})(?=[\"'\s:@\\]|\Z)",
        matches=(
            "ConvertTo-SecureString '" + "h7Kq2mZ9vX" + "' -AsPlainText",
            'db.auth("root", "' + "h7Kq2mZ9vX" + '");',
            "d-i passwd/root-password password " + "h7Kq2mZ9vX\n",
            "connect shop/" + "h7Kq2mZ9vX" + "@//db1:1521/SHOP",
            "ada:{PLAIN}" + "h7Kq2mZ9vX" + ":1000:1000::/srv",
            'gh secret set DEPLOY --body "' + "a8F3kQ9zL2" * 2 + '"',
            "snyk auth " + "4e07d822-f38c-4c74-" + "bfdf-d6c1f2983b01",
            "lftp -u ada,'" + "h7Kq2mZ9vX" + "' ftp.acme.dev",
            "rabbitmqctl add_user ada " + "h7Kq2mZ9vX",
            "net use Z: \\\\files\\x /user:ada " + "h7Kq2mZ9vX",
        ),
        misses=(
            "ConvertTo-SecureString $password -AsPlainText",
            "db.auth(user, password)",
            "d-i passwd/root-password password <password>",
            "connect to 10.2.0.4/24 first",
            "rocommunity public",
            'gh secret set DEPLOY --body "$TOKEN"',
            "snyk auth --help",
            "lftp -u ada,$PASSWORD ftp.acme.dev",
            "vault login -method=oidc",
        ),
    ),
    SecretRule(
        id="piped-password",
        loose=True,
        summary="credential piped into a command",
        source="https://docs.docker.com/reference/cli/docker/login/#password-stdin",
        keywords=("password-stdin", "with-token", "wrangler", "sudo", "chpasswd"),
        fold=True,
        near=r"(?:\| gh auth login --with-token|login [^\r\n|]*--password-stdin|\| wrangler secret|\| sudo -S|\| chpasswd)",
        accept=is_given,
        reach=400,
        window=32,
        pattern=r"(?:echo|printf)(?: -[ne]| [\"']%s[\"'])? [\"']?(?:[\w.\-]{1,40}:)?(?P<secret>[^\s\"'$<|`]{6,200})[\"']? \| "
        r"(?:gh auth login --with-token|[a-z ]{4,20} login [^\r\n|]{0,160}--password-stdin|wrangler secret|sudo -S|chpasswd)",
        matches=("echo " + "a8F3kQ9zL2" * 2 + " | docker login -u ada --password-stdin", 'echo "ada:' + "h7Kq2mZ9vX" + '" | chpasswd'),
        misses=("echo $TOKEN | docker login -u ada --password-stdin", "cat token | gh auth login --with-token", "echo password | sudo -S id"),
    ),
)
