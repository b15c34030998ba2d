"""What is no secret raises no alarm: a gate that cries wolf is switched off."""

import random
import subprocess
from pathlib import Path

import pytest

from benchmarks.secrets.corpora import governed
from samples import REFERENCE
from sotctl.secrets import scan, scan_path

ROOT = Path(__file__).resolve().parents[2]

QUIET = (
    "credential_source_class: hermes-openai-codex-oauth-and-local-vllm-config",
    "allowed_network_class: codex-oauth-hosted-model-plus-local-vllm-fallback",
    "harness-runs/20260531T235421Z-r1-string-slugify-1875638",
    "- Hermes commit: `f39d8ab Require admitted Case model pair`.",
    "Fallback to `vllm` / `qwen3.6-35b-a3b` remains explicit",
    "model: claude-sonnet-4-5-20250929",
    "model: gpt-5.5",
    "admission_sha256: " + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "commit " + "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "run: 123e4567-e89b-12d3-a456-426614174000",
    "token_id: 123e4567-e89b-12d3-a456-426614174000",
    "api_key: <your API key>",
    "api_key: ${API_KEY}",
    "api_key = os.environ['API_KEY']",
    "export OPENAI_API_KEY=sk-" + "x" * 40,
    "ANTHROPIC_API_KEY=sk-ant-" + "...",
    "password: changeme",
    "password: ********",
    "password: correct",
    "password = getpass.getpass()",
    "token: {{ secrets.GITHUB_TOKEN }}",
    "token: !vault secret/data/app",
    "password: op://vault/item/password",
    "secretKeyRef: {name: app-secrets-v2, key: token}",
    "secretName: app-tls-2026",
    '"integrity": "sha512-'
    + "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
    + '"',
    "max_tokens: 128000",
    "token_count = 17",
    "tokenizer: cl100k_base",
    "public_key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ" + "aB3dE6gH9k" * 4,
    "cache_key: deps-v2-linux-x64-3f2a91",
    "primary_key = user_id2",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "-----BEGIN PUBLIC KEY-----",
    "postgres://user:password@localhost:5432/db",
    "https://user:${PASSWORD}@example.com",
    "sk-learn and sk-ant-colony are names",
    "The passphrase is asked for.",
    "hf_hub_download(repo_id)",
    "xai-sdk-python",
    "docker run -u 1000:1000 image",
    "git log --author=ada --since=2026-05-31",
    "allowed_signers: .ssh/allowed_signers",
    "signature: ssh-keygen -Y sign -n sotctl-admission",
    "password_hash_algorithm: argon2id",
    "auth: required",
    "session: 20260531T235448Z-r1-string-slugify-1876884",
    '"AWS::ApiGateway::ApiKey": "48205d4f' + 'fd7feba3",',
    '"LifecycleActionToken": "bcd2f1b8-9a78-44d3-8a7a-4dd07d7cf635"',
    '"PurchaseToken": "eyJ2IjoiMSIs' + 'InMiOjEsImMiOi...",',
    '"EncodedKey": "-----BEGIN PUBLIC KEY-----MIIBIjANBgkqhkiG9w0BAQ"',
    '"ClientRequestToken": "a8ca07e4-61ec-4399-99f4-19853801bcd5"',
    '"LockToken":"447e55ac-0000-0000-0000-86b67c17f8b5"',
    "arn:aws:secretsmanager:us-west-2:123456789012:secret:MySecret1-" + "a1b2c3",
    "urn:ietf:params:oauth:jwk-thumbprint:sha-256:" + "DCdRGGDKvhAJgmVlCp6tonvDFe",
    'ftp.login("anonymous", "-anonymous@")',
    'password: "PBEWithHmacSHA256AndAES_256"',
    'password: "ENC(VeryLongEncryptedPayload' + '123==)"',
    "redis://:s3cr" + "3t@cache.example/0",
    "basic auth with a token",
    "Authorization: Bearer <token>",
    "curl -H 'Authorization: Bearer $TOKEN'",
)


@pytest.mark.parametrize("line", QUIET)
def test_a_line_of_governance_is_quiet(line: str) -> None:
    assert scan(line.encode()) == []


@pytest.mark.parametrize("seed", range(30, 36))
def test_governance_text_is_quiet(seed: int) -> None:
    assert {name: found for name, data in governed(seed).items() if (found := scan(data))} == {}


def test_governance_text_in_one_large_file_is_quiet() -> None:
    assert scan(b"".join(governed(36).values())) == []


def tracked() -> list[str]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [name for name in names.decode().split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.slow
def test_our_own_tree_holds_no_whole_token() -> None:
    found = {
        name: secrets
        for name in tracked()
        if (secrets := scan((ROOT / name).read_bytes(), path=name) + scan_path(name))
    }
    assert found == {}


def test_words_of_the_reference_document_in_any_order_are_quiet() -> None:
    """What somebody passes or keys is a verb as well: `must pass the gate or` and a model's name in backticks."""
    words = [word for word in REFERENCE.decode().split() if word[0] not in "#-" and not word.endswith(":")]
    chance = random.Random(3)
    lines = [" ".join(chance.choices(words, k=12)) for _ in range(12_000)]
    assert scan("\n".join(lines).encode()) == []
