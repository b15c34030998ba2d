"""Tokens in the calls, headers and commands that vendors' documentation shows: the place tells, no key does."""

from __future__ import annotations

from sotctl.secrets.rule import SecretRule, any_of
from sotctl.secrets.values import is_digest, is_encoded_stand_in, is_password, is_placeholder, is_random

_CLIENTS = ("Client(", "Credentials(", "Credential(", "SparkPost(", "algoliasearch(", "Client.create(", "Twilio.init(", ".getInstance(", "Realtime(", "Rest(")


def _is_issued(value: bytes) -> bool:
    """Check a value in a place made for a token: random, or a UUID or hexadecimal, which are random as well."""
    if is_placeholder(value) or is_encoded_stand_in(value) or value.endswith(b".."):  # cut short
        return False
    return is_random(value) or (is_digest(value) and value[:3].lower() not in (b"sha", b"md5"))


RULES = (
    SecretRule(
        id="authorization-header",
        loose=True,
        summary="credential in an Authorization header",
        source="RFC 9110 section 11.6.2",
        keywords=("authorization",),
        fold=True,
        accept=_is_issued,
        near=r"authorization[\"']?[ \t]*[:=,][ \t]*[\"']?[A-Za-z\-]+ (?:token=)?[\"']?[A-Za-z0-9_\-.~+/:]{8}",
        pattern=r"(?i:authorization)[\"']?[ \t]{0,20}[:=,][ \t]{0,4}[\"']?[A-Za-z][A-Za-z\-]{2,24} (?:token=)?[\"']?(?P<secret>[A-Za-z0-9_\-.~+/:]{16,2000}={0,2})(?=[\"'\s\\]|\Z)",
        matches=("Authorization: token " + "a8F3kQ9zL2" * 2, 'Authorization: Token token="' + "a8F3kQ9zL2" * 2 + '"', "Authorization: GenieKey " + "4e07d822-f38c-4c74-" + "bfdf-d6c1f2983b01"),
        misses=("Authorization: Bearer <token>", "authorization: required by the administrators", "Authorization: AWS4-HMAC-SHA256 Credential=AKI"),
    ),
    SecretRule(
        id="client-call",
        loose=True,
        summary="token given to a client or credentials as they are made",
        source="https://www.algolia.com/doc/libraries/; https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/",
        keywords=_CLIENTS,
        accept=lambda value: _is_issued(value) and b"://" not in value,
        near=r"(?:Client|Credentials?|SparkPost|algoliasearch|Client\.create|Twilio\.init|\.getInstance|Realtime|Rest)\([^;{}]*[\"'][A-Za-z0-9_\-.+/=:]{16}",
        pattern=any_of(_CLIENTS) + r"(?:[^;{}\r\n]{0,160},)?\s{0,8}[\"'](?P<secret>[A-Za-z0-9_\-.+/=:]{20,300})[\"']\s{0,4}[,)]",
        matches=("new SparkPost('" + "0a1b2c3d4e5f67890a1b" * 2 + "')", "algoliasearch('acme', '" + "0a1b2c3d4e5f6789" * 2 + "')", 'new BasicAWSCredentials(System.getenv("ID"), "' + "a8F3kQ9zL2" * 4 + '")'),
        misses=(
            "new Client('https://api.acme.dev/v1/items')",
            "Client(api_key, secret)",
            "SparkPost('<your API key>')",
            "withCredentials([login(credentialsId: '4e07d822-f38c-4c74-" + "bfdf-d6c1f2983b01')])",
            "MessageDigest.getInstance('SHA3-256')",
        ),
    ),
    SecretRule(
        id="basic-auth-pair",
        loose=True,
        summary="password in a pair given as basic_auth",
        source="https://requests.readthedocs.io/en/latest/user/authentication/",
        keywords=("auth", "HTTPBasicAuth"),
        near=r"(?:auth ?=|HTTPBasicAuth) ?\(\s*[^()\r\n]+,\s*[\"'][^\"'\s]{6}",
        accept=lambda value: is_password(value) and not value.isalpha(),
        pattern=r"(?:auth ?= ?|HTTPBasicAuth ?)\(\s{0,20}[^()\r\n]{1,100},\s{0,20}[\"'](?P<secret>[^\"'\s]{6,200})[\"'],?\s{0,20}\)",
        matches=('basic_auth=("ada@acme.dev", "' + "a8F3kQ9zL2" * 2 + '")', "HTTPBasicAuth('ada', '" + "h7Kq2mZ9vX" + "')"),
        misses=("auth=('user', 'password')", "auth=(user, password)"),
    ),
    SecretRule(
        id="command-token",
        loose=True,
        summary="token given to a command",
        source="https://cli.github.com/manual/gh_secret_set; https://docs.snyk.io/snyk-cli/commands/auth",
        keywords=("gh secret set ", "glab variable set ", "snyk auth ", "codecov -t ", "api-key store ", "lftp -u "),
        accept=lambda value: _is_issued(value) or is_password(value),
        pattern=r"(?:gh secret set \w{2,80} [^\r\n]{0,80}?(?:--body|-b)[ =]|glab variable set \w{2,80} |snyk auth |codecov -t |api-key store [A-Z0-9]{16} |lftp -u [^\s,\"']{1,60},)[\"']?(?P<secret>[^\s\"'$<|\-][^\s\"'$<|]{5,300})(?=[\"'\s]|\Z)",
        matches=('gh secret set DEPLOY --body "' + "a8F3kQ9zL2" * 2 + '"', "snyk auth " + "4e07d822-f38c-4c74-" + "bfdf-d6c1f2983b01", "lftp -u ada,'" + "h7Kq2mZ9vX" + "' ftp.acme.dev"),
        misses=('gh secret set DEPLOY --body "$TOKEN"', "snyk auth --help", "lftp -u ada,$PASSWORD ftp.acme.dev"),
    ),
)
