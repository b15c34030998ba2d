"""Files whose whole content is one secret, recognised by name."""

from __future__ import annotations

from sotctl.secrets.rule import SecretRule
from sotctl.secrets.values import is_placeholder, is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    Span = tuple[int, int, SecretRule, bool]

_NAMES = frozenset(
    (
        "master.key",
        "credentials.key",
        "production.key",
        ".vault_pass",
        ".vault-pass",
        ".vault_password",
        "vault_pass.txt",
        ".erlang.cookie",
        ".vault-token",
        ".pgpass",
        "secret_token",
        "jwt_secret",
        "db_password",
        "rndc.key",
    )
)

RULE = SecretRule(
    id="secret-file",
    summary="file whose whole content is a secret",
    keywords=(),
    source="https://guides.rubyonrails.org/security.html#custom-credentials; https://docs.ansible.com/ansible/l"
    "atest/vault_guide/vault_managing_passwords.html",
)


def whole_file(data: bytes, path: str) -> list[Span]:
    """Return the span of the single word in *data*, if *path* names a file that holds nothing but a secret."""
    if path.rpartition("/")[2].lower() not in _NAMES:
        return []
    value = data.strip()
    if not 12 <= len(value) <= 512 or len(value.split()) != 1 or is_placeholder(value) or is_reference(value):
        return []
    start = data.find(value)
    return [(start, start + len(value), RULE, False)]
