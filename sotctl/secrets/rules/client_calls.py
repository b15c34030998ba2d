"""Tokens in client calls and headers as vendors' documentation shows them, recognised by the call instead of a key."""

from __future__ import annotations

from sotctl.secrets.passwords import is_password
from sotctl.secrets.placed import is_issued
from sotctl.secrets.rule import SecretRule, any_of

_CLIENTS = ("Client(", "Credentials(", "Credential(", "SparkPost(", "algoliasearch(", "Client.create(", "Twilio.init(", ".getInstance(", "Realtime(", "Rest(")


RULES = (
    SecretRule(
        id="authorization-header",
        loose=True,
        summary="credential in an Authorization header",
        source="RFC 9110 section 11.6.2",
        keywords=("authorization",),
        fold=True,
        accept=is_issued,
        near=r"authorization[\"']?[ \t]*[:=,][ \t]*[\"']?[A-Za-z\-]+ (?:token=)?[\"']?[A-Za-z0-9_\-.~+/:]{8}",
        pattern=r"(?i:authorization)[\"']?[ \t]{0,20}[:=,][ \t]{0,4}[\"']?[A-Za-z][A-Za-z\-]{2,24} (?:token=)?[\"']?(?P<secret>[A-Za-z0-9_\-.~+/:]{16,2000}={0,2})(?=[\"'\s\\]|\Z)",
        matches=("Authorization: token " + "a8F3kQ9zL2" * 2, 'Authorization: Token token="' + "a8F3kQ9zL2" * 2 + '"', "Authorization: GenieKey " + "4e07d822-f38c-4c74-" + "bfdf-d6c1f2983b01"),
        misses=("Authorization: Bearer <token>", "authorization: required by the administrators", "Authorization: AWS4-HMAC-SHA256 Credential=AKI"),
    ),
    SecretRule(
        id="client-call",
        loose=True,
        summary="token passed to the constructor of a client or credentials",
        source="https://www.algolia.com/doc/libraries/; https://docs.aws.amazon.com/AWSJavaSDK/latest/javadoc/",
        keywords=_CLIENTS,
        accept=lambda value: is_issued(value) and b"://" not in value,
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
        summary="password in a basic_auth pair",
        source="https://requests.readthedocs.io/en/latest/user/authentication/",
        keywords=("auth", "HTTPBasicAuth"),
        near=r"(?:auth ?=|HTTPBasicAuth) ?\(\s*[^()\r\n]+,\s*[\"'][^\"'\s]{6}",
        accept=lambda value: is_password(value) and not value.isalpha(),
        pattern=r"(?:auth ?= ?|HTTPBasicAuth ?)\(\s{0,20}[^()\r\n]{1,100},\s{0,20}[\"'](?P<secret>[^\"'\s]{6,200})[\"'],?\s{0,20}\)",
        matches=('basic_auth=("ada@acme.dev", "' + "a8F3kQ9zL2" * 2 + '")', "HTTPBasicAuth('ada', '" + "h7Kq2mZ9vX" + "')"),
        misses=("auth=('user', 'password')", "auth=(user, password)"),
    ),
)
