"""The tokens in the corpora: 61 shapes, defined independently of the detector's rules."""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable

from sotctl.secrets.checksums import base62_crc32

ALNUM = string.ascii_letters + string.digits
URL = ALNUM + "-_"
HEX = "0123456789abcdef"
LOWER = string.ascii_lowercase + string.digits
UPPER = string.ascii_uppercase + string.digits

Make = Callable[[random.Random], str]


def text(source: random.Random, alphabet: str, length: int) -> str:
    """Return *length* characters drawn from *alphabet*."""
    return "".join(source.choice(alphabet) for _ in range(length))


def _of(prefix: str, *parts: tuple[str, int] | str) -> Make:
    def make(source: random.Random) -> str:
        return prefix + "".join(part if isinstance(part, str) else text(source, *part) for part in parts)

    return make


def _checked(prefix: str) -> Make:
    def make(source: random.Random) -> str:
        body = text(source, ALNUM, 30)
        return prefix + body + base62_crc32(body.encode()).decode()

    return make


def _web_token(source: random.Random) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': text(source, HEX, 12)})}.{text(source, URL, 43)}"


SHAPES: dict[str, Make] = {
    "anthropic-api": _of("sk-ant-" + "api03-", (URL, 93), "AA"),
    "anthropic-admin": _of("sk-ant-" + "admin01-", (URL, 93), "AA"),
    "anthropic-oauth": _of("sk-ant-" + "oat01-", (URL, 93), "AA"),
    "anthropic-refresh": _of("sk-ant-" + "ort01-", (URL, 93), "AA"),
    "openai-legacy": _of("sk-", (ALNUM, 20), "T3Blbk" + "FJ", (ALNUM, 20)),
    "openai-project": _of("sk-" + "proj-", (URL, 74), "T3Blbk" + "FJ", (URL, 74)),
    "openai-service": _of("sk-" + "svcacct-", (URL, 74), "T3Blbk" + "FJ", (URL, 74)),
    "openai-admin": _of("sk-" + "admin-", (URL, 74), "T3Blbk" + "FJ", (URL, 74)),
    "google": _of("AI" + "za", (URL, 35)),
    "google-oauth": _of("GOC" + "SPX-", (URL, 28)),
    "google-access": _of("ya" + "29.", (URL, 120)),
    "huggingface": _of("h" + "f_", (string.ascii_letters, 34)),
    "groq": _of("gs" + "k_", (ALNUM, 52)),
    "xai": _of("xa" + "i-", (ALNUM, 80)),
    "perplexity": _of("pp" + "lx-", (ALNUM, 48)),
    "openrouter": _of("sk-" + "or-v1-", (HEX, 64)),
    "replicate": _of("r" + "8_", (ALNUM, 37)),
    "deepseek": _of("s" + "k-", (HEX, 32)),
    "cerebras": _of("cs" + "k-", (LOWER, 48)),
    "nvidia": _of("nv" + "api-", (URL, 64)),
    "langsmith": _of("lsv2" + "_pt_", (HEX, 32), "_", (HEX, 10)),
    "pinecone": _of("pc" + "sk_", (ALNUM, 6), "_", (ALNUM, 63)),
    "tavily": _of("tv" + "ly-", (ALNUM, 32)),
    "aws-id": _of("AK" + "IA", (string.ascii_uppercase + "234567", 16)),
    "github-classic": _checked("gh" + "p_"),
    "github-oauth": _checked("gh" + "o_"),
    "github-app": _checked("gh" + "s_"),
    "github-fine": _of("github" + "_pat_", (ALNUM, 22), "_", (ALNUM, 59)),
    "gitlab": _of("gl" + "pat-", (URL, 20)),
    "gitlab-runner": _of("gl" + "rt-", (URL, 20)),
    "atlassian": _of("ATA" + "TT3xFfGF0", (URL, 170), "=", (UPPER, 8)),
    "npm": _checked("np" + "m_"),
    "pypi": _of("py" + "pi-AgEIcHlwaS5vcmc", (URL, 150)),
    "rubygems": _of("ruby" + "gems_", (HEX, 48)),
    "nuget": _of("o" + "y2", (string.ascii_lowercase + "234567", 43)),
    "docker": _of("dckr" + "_pat_", (URL, 27)),
    "slack-bot": _of("xo" + "xb-", (string.digits, 12), "-", (string.digits, 13), "-", (ALNUM, 24)),
    "slack-user": _of(
        "xo" + "xp-", (string.digits, 12), "-", (string.digits, 12), "-", (string.digits, 12), "-", (HEX, 32)
    ),
    "slack-hook": _of("https://hooks.slack.com/" + "services/T", (UPPER, 9), "/B", (UPPER, 10), "/", (ALNUM, 24)),
    "discord-hook": _of("https://discord.com/api/" + "webhooks/", (string.digits, 18), "/", (URL, 68)),
    "telegram": _of("", (string.digits, 10), ":A" + "A", (URL, 33)),
    "sendgrid": _of("S" + "G.", (URL, 22), ".", (URL, 43)),
    "mailgun": _of("ke" + "y-", (HEX, 32)),
    "mailchimp": _of("", (HEX, 32), "-u" + "s12"),
    "twilio": _of("S" + "K", (HEX, 32)),
    "stripe": _of("sk_" + "live_", (ALNUM, 24)),
    "stripe-restricted": _of("rk_" + "live_", (ALNUM, 99)),
    "square": _of("sq0" + "csp-", (URL, 43)),
    "shopify": _of("shp" + "at_", (HEX, 32)),
    "digitalocean": _of("do" + "p_v1_", (HEX, 64)),
    "fly": _of("fm" + "2_", (ALNUM, 120)),
    "databricks": _of("da" + "pi", (HEX, 32)),
    "planetscale": _of("pscale" + "_tkn_", (URL, 43)),
    "supabase": _of("sb" + "p_", (HEX, 40)),
    "airtable": _of("pa" + "t", (ALNUM, 14), ".", (HEX, 64)),
    "grafana": _of("gl" + "sa_", (ALNUM, 32), "_", (HEX, 8)),
    "newrelic": _of("NR" + "AK-", (UPPER, 27)),
    "sentry": _of("sntry" + "u_", (HEX, 64)),
    "linear": _of("lin" + "_api_", (ALNUM, 40)),
    "vault": _of("hv" + "s.", (URL, 95)),
    "jwt": _web_token,
}
"""A generator for each shape; every prefix is in two pieces, so that no file here holds a whole token."""
