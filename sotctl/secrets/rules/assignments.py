"""A value given to a key that names a secret."""

from sotctl.secrets import context
from sotctl.secrets.names import WORDS
from sotctl.secrets.rule import SecretRule

RULES = (
    SecretRule(
        id="secret-assignment", summary="value of a key that names a secret", keywords=WORDS, fold=True, loose=True,
        find=context.find,
        source="SPEC section 10: credentials by context",
        matches=(
            "api_key: " + "a8F3kQ9z" * 3, '"refresh_token": "' + "rt.9Zk3Lq8Vw2" * 3 + '"', "DB_PASSWORD="
                + "h7Kq2mZ9vX4p",
            "<password>" + "h7Kq2mZ9" + "</password>", "export STRIPE_" + "SECRET='" + "a8F3kQ9zT" * 2 + "'",
                "--api-key " + "a8F3kQ9zL2" * 2,
            "define('DB_PASSWORD', '" + "h7Kq2mZ9vX" + "');", "Authorization: Bearer " + "a8F3kQ9zL2" * 3, "?token="
                + "a8F3kQ9zL2" * 2 + "&x=1",
            '<add key="ApiSecret" value="' + "a8F3kQ9zL2" * 2 + '"/>', "- name: DB_PASSWORD\n  value: "
                + "h7Kq2mZ9vX", "| api key | `" + "a8F3kQ9zL2" * 2 + "` |",
            'variable "db_password" {\n  type = string\n  default = "' + "h7Kq2mZ9vX" + '"\n}',
                "machine x login ada password " + "h7Kq2mZ9vX",
            '{\\"apiKey\\":\\"' + "a8F3kQ9zL2" * 2 + '\\"}', "setPassword" + '("h7Kq2mZ9vX")',
            "<apiToken>\n    " + "a8F3kQ9zL2" * 2 + "\n</apiToken>", '<pass encoding="base64">' + "a8F3kQ9zL2" * 2
                + "</pass>", "<Pass>" + "h7Kq2mZ9vX" + "</Pass>",
            'api_token: str | None = "' + "a8F3kQ9zL2" * 2 + '"', "const apiToken?: string = '" + "a8F3kQ9zL2" * 2 + "'",
            'var apiToken string = "' + "a8F3kQ9zL2" * 2 + '"', "API_TOKEN ?= " + "a8F3kQ9zL2" * 2,
                "API_TOKEN ::= " + "a8F3kQ9zL2" * 2, '$apiToken .= "' + "a8F3kQ9zL2" * 2 + '"',
            "db.pw = '" + "h7Kq2mZ9vX" + "'", "psw: " + "h7Kq2mZ9vX", "secret_key_base: " + "0a1b2c3d4e5f6789" * 8,
        ),
        misses=(
            "api_key: ${OPENAI_API_KEY}", "api_key: <your key>",
                "credential_source_class: hermes-openai-codex-oauth-and-local-vllm-config",
            "password: correct", "secret_key = os.environ['KEY']", "api_key = example-1234-5678-key",
                "token_count: 128000", "max_tokens: 4096",
            "password = config.database1.password", "token = get_token(request2)", "secretName: my-app-secret-v2",
                "cache_key: " + "0a1b2c3d" * 5,
            "public_key: " + "aB3dE6gH" * 5, "token_endpoint: https://example.com/oauth2/token",
                "password: !vault secret/data/db", "keys: [a, b]",
            'token: str = "access_token"', "var apiToken string = os.Getenv(name)", "<password>\n  <value/>",
            '<password type="string">secret</password>', "TOKEN ?= $(shell cat token)",
        ),
    ),
)  # fmt: skip
