"""The texts around a token, and the encodings that disguise it."""

from __future__ import annotations

import base64
import gzip
import html
import json
import urllib.parse
from collections.abc import Callable

CARRIERS: dict[str, Callable[[str], str]] = {
    "yaml": lambda token: f"service:\n  region: eu\n  value: {token}\n",
    "json": lambda token: json.dumps({"name": "service", "value": token}, indent=2) + "\n",
    "export": lambda token: f"#!/bin/sh\nexport SERVICE_VALUE={token}\nrun\n",
    "prose": lambda token: f"The run failed with {token}, which Ada used before.\n",
    "url": lambda token: (
        f"GET https://api.example.net/v1/items?page=2&value={urllib.parse.quote(token, safe='')}&size=10\n"
    ),
    "log": lambda token: f"2026-05-31T23:54:21Z INFO client[1875]: sent header value={token} status=200\n",
    "argv": lambda token: f"backend run --value {token} --verbose\n",
}
"""The seven texts that a token is put into; none has a key that names a secret."""

_LONG = 8


def _cut(token: str, width: int, joint: str) -> str:
    return joint.join(token[start : start + width] for start in range(0, len(token), width))


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


DISGUISES: dict[str, Callable[[str], bytes]] = {
    "comma": lambda token: f"use {token}, then go on".encode(),
    "full-stop": lambda token: f"It was {token}. Then it ended.".encode(),
    "parenthesis": lambda token: f"the key ({token}) is old".encode(),
    "bold": lambda token: f"the key **{token}** is old".encode(),
    "table": lambda token: f"| key | value |\n| --- | --- |\n| a |{token}|\n".encode(),
    "backticks": lambda token: f"run with `{token}` now".encode(),
    "markdown-escapes": lambda token: token.replace("_", "\\_").replace("-", "\\-").encode(),
    "json-escapes": lambda token: json.dumps(json.dumps({"text": f"\n{token}\n"})).encode(),
    "unicode-escapes": lambda token: "".join(c if c.isalnum() else f"\\u{ord(c):04x}" for c in f'"{token}"').encode(),
    "hex-escapes": lambda token: "".join(f"\\x{ord(c):02x}" for c in token).encode(),
    "percent": lambda token: "".join(f"%{ord(c):02X}" for c in token).encode(),
    "percent-twice": lambda token: urllib.parse.quote(urllib.parse.quote(f"?v={token}&", safe=""), safe="").encode(),
    "html-entities": lambda token: (
        html.escape(f'<a title="{token}">').replace("-", "&#45;").replace("_", "&#95;").encode()
    ),
    "base64": lambda token: f"data: {_b64(token.encode())}\n".encode(),
    "base64-wrapped": lambda token: _cut(
        _b64(f"user=ada\nvalue={token}\nend of the file, really\n".encode()), 60, "\n"
    ).encode(),
    "base64url": lambda token: base64.urlsafe_b64encode(f"?>{token}".encode()),
    "base64-twice": lambda token: _b64(_b64(token.encode()).encode()).encode(),
    "hex": lambda token: token.encode().hex().encode(),
    "utf-16": lambda token: f"value = {token}\r\n".encode("utf-16"),
    "utf-16-be": lambda token: f"value = {token}\r\n".encode("utf-16-be"),
    "gzip": lambda token: gzip.compress(f"value = {token}\n".encode(), mtime=0),
    "fence-split": lambda token: f"```\n{_cut(token, 32, chr(10))}\n```\n".encode(),
    "zero-width": lambda token: _cut(token, 7, "\u200b").encode(),
}
"""The 23 disguises."""

DISGUISED = ("anthropic-api", "openai-project", "github-classic", "slack-bot", "stripe", "google", "gitlab")
"""The seven shapes to disguise."""
