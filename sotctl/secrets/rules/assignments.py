"""A value given to a key that names a secret."""

from sotctl.secrets.rule import SecretRule

_NAME = (
    r"(?i:(?:[a-z0-9]+[_\-.])*(?:access_?token|refresh_?token|id_?token|auth_?token|bearer_?token|api_?key|apikey"
    r"|agent_?key|client_?secret|secret_?key|private_?key|password|passwd|passphrase))"
)


def _is_value(value: bytes) -> bool:
    """Tell a value from a placeholder, a class name or a path: letters and digits mixed, and enough of them."""
    text = value.decode("latin-1")
    mixed = any(c.isdigit() for c in text) and any(c.isalpha() for c in text)
    return mixed and len(set(text)) >= 8 and not any(word in text.lower() for word in ("example", "your", "xxxx"))


RULES = (
    SecretRule(
        id="secret-assignment", summary="value of a key that names a secret",
        keywords=("token", "key", "secret", "passw", "passphrase"),
        source="SPEC section 10: credentials by context",
        pattern=r"(?<![A-Za-z0-9])" + _NAME + r"""["']?\s{0,8}(?:[:=]|=>)\s{0,8}["']?"""
        r"(?P<secret>[A-Za-z0-9+/=_\-.~!@%^&*]{12,512})(?![A-Za-z0-9({\[])",
        matches=("api_key: " + "a8F3kQ9z" * 3, '"refresh_token": "' + "rt.9Zk3Lq8Vw2" * 3 + '"', "DB_PASSWORD=" + "h7Kq2mZ9vX4p"),
        misses=(
            "api_key: ${OPENAI_API_KEY}", "api_key: <your key>", "credential_source_class: hermes-openai-codex-oauth",
            "password: correct", "secret_key = os.environ['KEY']", "api_key = example-1234-5678-key",
        ),
        accept=_is_value,
    ),
)  # fmt: skip
