"""Files of known kinds, each with one credential, and lines without any."""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Callable

from benchmarks.secrets.shapes import ALNUM, HEX, LOWER, SHAPES, URL, text


def _b64(value: str) -> str:
    return base64.b64encode(value.encode()).decode()


def _pem(source: random.Random, kind: str, joint: str = "\n") -> str:
    body = joint.join("MIIE" + text(source, ALNUM + "+/", 60) for _ in range(8))
    return f"-----BEGIN {kind}PRIVATE KEY-----{joint}{body}{joint}-----END {kind}PRIVATE KEY-----{joint}"


def _password(source: random.Random) -> str:
    return text(source, ALNUM, 9) + source.choice("!%*+-") + text(source, ALNUM, 5)


Make = Callable[[random.Random], str]

STRUCTURED: dict[str, Make] = {
    ".netrc": lambda s: f"machine api.example.net\n  login ada\n  password {_password(s)}\n",
    ".pypirc": lambda s: f"[pypi]\nusername = __token__\npassword = {SHAPES['pypi'](s)}\n",
    "pypirc-password": lambda s: (
        "[distutils]\nindex-servers = own\n\n[own]\nrepository = https://index.example.net\n"
        f"username = ada\npassword = {_password(s)}\n"
    ),
    ".npmrc": lambda s: f"//registry.example.net/:_authToken={uuid.UUID(int=s.getrandbits(128), version=4)}\n",
    "npmrc-auth": lambda s: f"registry=https://registry.example.net\n_auth={_b64('ada:' + _password(s))}\n",
    "docker-config.json": lambda s: json.dumps(
        {"auths": {"registry.example.net": {"auth": _b64("ada:" + _password(s))}}}, indent=1
    ),
    "kubeconfig": lambda s: (
        f"apiVersion: v1\nusers:\n- name: ada\n  user:\n    client-key-data: {_b64(_pem(s, 'RSA '))}\n"
    ),
    "kubeconfig-token": lambda s: f"apiVersion: v1\nusers:\n- name: ada\n  user:\n    token: {text(s, ALNUM, 40)}\n",
    "kubernetes-secret.yaml": lambda s: f"apiVersion: v1\nkind: Secret\ndata:\n  password: {_b64(_password(s))}\n",
    ".env": lambda s: f"APP=web\nDB_HOST=db\nDB_PASSWORD={_password(s)}\n",
    "env-quoted": lambda s: f'SECRET_KEY="{text(s, URL, 50)}"\n',
    "id_rsa": lambda s: _pem(s, "OPENSSH "),
    "key.pem": lambda s: _pem(s, ""),
    "ec.pem": lambda s: _pem(s, "EC "),
    "service-account.json": lambda s: json.dumps(
        {"type": "service_account", "private_key_id": text(s, HEX, 40), "private_key": _pem(s, "")}
    ),
    "aws-credentials": lambda s: (
        f"[default]\naws_access_key_id = {SHAPES['aws-id'](s)}\naws_secret_access_key = {text(s, ALNUM + '+/', 40)}\n"
    ),
    "aws-secret-alone": lambda s: f"[default]\naws_secret_access_key = {text(s, ALNUM + '+/', 40)}\n",
    "codex-auth.json": lambda s: json.dumps(
        {
            "OPENAI_API_KEY": None,
            "tokens": {
                "refresh_token": "rt_" + text(s, URL, 43) + "." + text(s, URL, 43),
                "account_id": str(uuid.UUID(int=s.getrandbits(128))),
            },
        },
        indent=2,
    ),
    "pi-auth.json": lambda s: json.dumps(
        {
            "anthropic": {
                "type": "oauth",
                "access": text(s, URL, 60),
                "refresh": text(s, URL, 60),
                "expires": 1780000000000,
            }
        }
    ),
    "hermes-auth.json": lambda s: json.dumps({"credential_pool": {"nous": [{"agent_key": text(s, ALNUM, 40)}]}}),
    "htpasswd": lambda s: f"ada:$apr1${text(s, ALNUM, 8)}${text(s, ALNUM, 22)}\n",
    "shadow": lambda s: f"ada:$6${text(s, ALNUM, 16)}${text(s, ALNUM + './', 86)}:19800:0:99999:7:::\n",
    ".pgpass": lambda s: f"db.example.net:5432:app:ada:{_password(s)}\n",
    "database-url": lambda s: f"DATABASE_URL=postgres://ada:{text(s, ALNUM, 16)}@db.example.net:5432/app\n",
    "git-credentials": lambda s: f"https://ada:{text(s, ALNUM, 20)}@git.example.net\n",
    "settings.xml": lambda s: (
        "<settings><servers><server><id>own</id><username>ada</username>"
        f"<password>{_password(s)}</password></server></servers></settings>\n"
    ),
    "web.config": lambda s: (
        f'<add name="Db" connectionString="Server=db;Database=app;User Id=ada;Password={text(s, ALNUM, 14)};" />\n'
    ),
    "appsettings.json": lambda s: json.dumps({"Jwt": {"SecretKey": text(s, ALNUM, 32)}}, indent=2),
    "terraform.tfvars": lambda s: f'region = "eu"\ndb_password = "{_password(s)}"\n',
    "variables.tf": lambda s: f'variable "admin_password" {{\n  type    = string\n  default = "{_password(s)}"\n}}\n',
    "wp-config.php": lambda s: f"define( 'DB_USER', 'ada' );\ndefine( 'DB_PASSWORD', '{_password(s)}' );\n",
    "application.properties": lambda s: f"spring.datasource.username=ada\nspring.datasource.password={_password(s)}\n",
    "compose.yaml": lambda s: f"services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: {_password(s)}\n",
    "deployment.yaml": lambda s: f"env:\n- name: API_TOKEN\n  value: {text(s, ALNUM, 32)}\n",
    "curl.sh": lambda s: f"curl -u ada:{text(s, ALNUM, 14)} https://api.example.net\n",
    "headers.http": lambda s: f"GET / HTTP/1.1\nAuthorization: Bearer {text(s, URL, 40)}\n",
    "basic.http": lambda s: f"GET / HTTP/1.1\nAuthorization: Basic {_b64('ada:' + _password(s))}\n",
    "rclone.conf": lambda s: f"[own]\ntype = webdav\nuser = ada\npass = {text(s, URL, 30)}\n",
    ".my.cnf": lambda s: f"[client]\nuser=ada\npassword={text(s, ALNUM, 14)}\n",
    "wg0.conf": lambda s: f"[Interface]\nAddress = 10.0.0.2/32\nPrivateKey = {text(s, ALNUM + '+/', 42)}A=\n",
    "settings.py": lambda s: f"DEBUG = False\nSECRET_KEY = '{text(s, LOWER + '!@^&*(-_=+)', 50)}'\n",
    "config.toml": lambda s: f'[client]\napi_key = "{text(s, HEX, 32)}"\n',
    "config.js": lambda s: f"module.exports = {{ apiKey: '{text(s, ALNUM, 32)}' }};\n",
    "dump.sql": lambda s: f"CREATE USER 'ada'@'%' IDENTIFIED BY '{_password(s)}';\n",
    "azure.txt": lambda s: (
        "DefaultEndpointsProtocol=https;AccountName=own;"
        f"AccountKey={text(s, ALNUM + '+/', 86)}==;EndpointSuffix=core.windows.net\n"
    ),
    "sas-url": lambda s: (
        f"https://own.blob.core.windows.net/c?sv=2024-11-04&se=2027-01-01&sig={text(s, ALNUM, 43)}%3D\n"
    ),
    "query": lambda s: f"https://api.example.net/v1/items?api_key={text(s, HEX, 32)}&page=2\n",
    "master.key": lambda s: text(s, HEX, 32) + "\n",
    "jwk.json": lambda s: json.dumps({"kty": "EC", "crv": "P-256", "x": text(s, URL, 43), "d": text(s, URL, 43)}),
}
"""A generator for each kind of file; the key is the file's name or a description."""


def governance(source: random.Random) -> str:
    """Return typical lines of a governance store without a secret: digests, ids, runs, names, dates, placeholders."""
    words = (
        "admission",
        "record",
        "provider",
        "model",
        "harness",
        "evidence",
        "gate",
        "local",
        "vllm",
        "codex",
        "oauth",
        "config",
        "hosted",
        "fallback",
        "approval",
        "stage",
        "case",
        "core",
        "route",
        "plan",
    )

    def name(count: int, joint: str = "-") -> str:
        return joint.join(source.choice(words) for _ in range(count))

    def stamp() -> str:
        day = f"2026{source.randint(1, 12):02}{source.randint(1, 28):02}"
        return f"{day}T{source.randint(0, 23):02}{source.randint(10, 59)}{source.randint(10, 59)}Z"

    lines = [
        f"- Hermes commit: `{text(source, HEX, 7)} Require admitted {name(2, ' ')} pair`.",
        f"admission_sha256: {text(source, HEX, 64)}",
        f"commit {text(source, HEX, 40)}",
        f'"config_sha256": "{text(source, HEX, 64)}",',
        f"run_id: {stamp()}-r1-{name(2)}-{source.randint(10**6, 10**7)}",
        f"credential_source_class: {name(6)}",
        f"allowed_network_class: `{name(5)}`",
        f"token_class: {name(4)}",
        f"secret_ref: vault/{name(3, '/')}",
        f"api_key: ${{{name(3, '_').upper()}}}",
        f"api_key: <{name(2, ' ')} key>",
        "api_key: YOUR_API_KEY",
        "password: changeme",
        "password: ********",
        f"token: {{{{ secrets.{name(2, '_').upper()} }}}}",
        f"key_id: {uuid.UUID(int=source.getrandbits(128), version=4)}",
        f"provider/model: `openai-codex` / `gpt-{source.randint(5, 9)}.{source.randint(0, 9)}`",
        f"- model: claude-{name(1)}-{source.randint(3, 5)}-{source.randint(1, 9)}-2026{source.randint(1, 12):02}01",
        f"- model: qwen{source.randint(2, 4)}.{source.randint(1, 9)}"
        f"-{source.randint(7, 99)}b-a{source.randint(2, 9)}b-instruct",
        f"image: registry.example.net/{name(2)}@sha256:{text(source, HEX, 64)}",
        f'"integrity": "sha512-{base64.b64encode(source.randbytes(64)).decode()}",',
        f"admission_timestamp: 2026-05-{source.randint(10, 28)}T12:{source.randint(10, 59)}:00Z",
        f"path: /home/ada/.hermes/profiles/{name(2)}/harness-runs/"
        f"{stamp()}-r1-{name(2)}-{source.randint(10**6, 10**7)}",
        f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{text(source, ALNUM, 43)} ada@example.net",
        f"max_tokens: {source.randint(1000, 200000)}",
        f'etag: "{text(source, HEX, 32)}"',
        f"approval_source: JP chat approval on 2026-05-{source.randint(10, 31)}",
        f"See [{name(3, ' ')}](https://docs.example.net/{name(3, '/')}#{name(4)}) for the password policy.",
        f"The secret `{name(3)}` is kept in the vault; its name is `{name(4, '_')}`.",
        f"session: {stamp()}-{name(2)}",
        f"OPENAI_API_KEY=sk-{'x' * 20}",
        "export ANTHROPIC_API_KEY=sk-ant-...",
        f"token_endpoint: https://auth.example.net/{name(2, '/')}/token",
        f"public_key: {base64.b64encode(source.randbytes(32)).decode()}",
    ]
    source.shuffle(lines)
    return "\n".join(lines) + "\n"
