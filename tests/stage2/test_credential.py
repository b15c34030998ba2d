"""The credential: where it is kept, what keeps it from being used, and that nothing of it can be found anywhere."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from sotctl.errors import UsageError
from sotctl.secrets import scan
from sotctl.stage2.block import Block
from sotctl.stage2.credential import Credential, CredentialError, account_of
from sotctl.stage2.credential_sources import parse_credential
from stage2.provider import Provider
from stage2.recording import asking, post, with_recorder

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(seconds=1)
KEY = "vk-" + "a1b2c3d4" * 4


def token(account: str = "account-1", ends: datetime | None = LATER, mark: str = "one") -> str:
    """A token of the shape that Codex's backend gives."""
    claims: dict[str, Any] = {"https://api.openai.com/auth": {"chatgpt_account_id": account}, "mark": mark}
    if ends is not None:
        claims["exp"] = int(ends.timestamp())
    parts = ({"alg": "RS256"}, claims, {"signature": mark})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)


def codex_store(**changes: Any) -> dict[str, Any]:
    tokens = {"id_token": token(mark="id"), "access_token": token(), "refresh_token": "rt-" + "x9" * 20}
    return {"OPENAI_API_KEY": None, "tokens": {**tokens, "account_id": "account-1", **changes}, "last_refresh": "x"}


def pi_store(**changes: Any) -> dict[str, Any]:
    millis = int(LATER.timestamp() * 1000)
    entry = {
        "type": "oauth",
        "access": token(),
        "refresh": "rt-" + "y8" * 20,
        "expires": millis,
        "accountId": "account-1",
    }
    return {"openai-codex": {**entry, **changes}, "anthropic": {"type": "api_key", "key": KEY}}


def stored(tmp_path: Path, values: object, mode: int = 0o600) -> Path:
    file = tmp_path / "auth.json"
    file.write_text(values if isinstance(values, str) else json.dumps(values))
    file.chmod(mode)
    return file


def source(
    text: str, provider: str = "openai-codex", home: Path = Path("/nonexistent"), **environment: str
) -> Credential:
    return parse_credential(text, provider=provider, environment=environment, home=home)


@pytest.mark.parametrize(
    "text", ["", "env", "env:", "env:A B", "env:A=1", "pi:", "codex:", "none:", "none:x", "file:x", KEY]
)
def test_what_names_no_source_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        source(text)
    assert (refused.value.message, refused.value.hint) == (
        "there is no such source of a credential",
        "write it as env:NAME, pi[:FILE], codex[:FILE] or none",
    )


def test_a_provider_that_asks_for_nothing_gets_nothing() -> None:
    found = source("none", "vllm")
    assert (found.kind, found.block(NOW), found.token(NOW).value, found.secret_values()) == ("none", None, "", ())


@pytest.mark.parametrize("environment", [{}, {"THE_KEY": ""}, {"THE_KEY": "  "}])
def test_a_variable_that_is_not_set_is_missing(environment: dict[str, str]) -> None:
    assert source("env:THE_KEY", "openai", **environment).block(NOW) == Block(
        reason="credential-missing",
        message="the variable THE_KEY is not set",
        next="read -rs THE_KEY && export THE_KEY",
    )


@pytest.mark.parametrize("value", ["a\nb-key", "key with space", "schlüssel"])
def test_a_value_that_no_header_can_carry_is_refused(value: str) -> None:
    found = source("env:THE_KEY", "openai", THE_KEY=value).block(NOW)
    assert found is not None
    assert (found.reason, value in found.message) == ("credential-unreadable", False)


def test_the_tokens_of_codex_are_read_where_codex_keeps_them(tmp_path: Path) -> None:
    (tmp_path / ".codex").mkdir()
    stored(tmp_path / ".codex", codex_store())
    found = source("codex", home=tmp_path)
    assert found.block(NOW) is None
    assert (found.token(NOW).value, found.token(NOW).account_id) == (token(), "account-1")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    stored(elsewhere, codex_store(access_token=token(mark="two")))
    assert source("codex", home=tmp_path, CODEX_HOME=str(elsewhere)).token(NOW).value == token(mark="two")
    assert source("codex:~/elsewhere/auth.json", home=tmp_path).token(NOW).value == token(mark="two")


def test_the_entry_of_pi_is_read_where_pi_keeps_it(tmp_path: Path) -> None:
    (tmp_path / ".pi/agent").mkdir(parents=True)
    stored(tmp_path / ".pi/agent", pi_store())
    assert source("pi", home=tmp_path).token(NOW).account_id == "account-1"
    assert source("pi", "anthropic", home=tmp_path).token(NOW).value == KEY
    elsewhere = stored(tmp_path, {"openai": {"type": "api_key", "key": "MY_KEY"}})
    assert source(f"pi:{elsewhere}", "openai", MY_KEY=KEY).token(NOW).value == KEY


LOGIN = {"codex": "codex login", "pi": "pi, then /login"}
PROBLEMS = [
    ("codex", None, "credential-missing", "{file} does not exist"),
    ("codex", "{", "credential-unreadable", "{file} is not a JSON object"),
    ("codex", [], "credential-unreadable", "{file} is not a JSON object"),
    ("codex", "[" * 100_000, "credential-unreadable", "{file} is not a JSON object"),
    ("codex", {}, "credential-unreadable", "{file} holds no login to ChatGPT"),
    ("codex", {"tokens": None}, "credential-unreadable", "{file} holds no login to ChatGPT"),
    (
        "codex",
        {"OPENAI_API_KEY": KEY},
        "credential-other-provider",
        "{file} holds no login to ChatGPT, only a key of the OpenAI API",
    ),
    (
        "codex",
        codex_store(access_token=token(ends=BEFORE)),
        "credential-expired",
        "the credential for openai-codex expired at 2026-11-26T11:59:59Z",
    ),
    (
        "codex",
        codex_store(account_id="account-2"),
        "credential-other-account",
        "{file} names one account, and the token in it is of another",
    ),
    ("pi", None, "credential-missing", "{file} does not exist"),
    ("pi", "not json", "credential-unreadable", "{file} is not a JSON object"),
    (
        "pi",
        {"anthropic": {"type": "api_key", "key": KEY}},
        "credential-other-provider",
        "{file} holds no credential for openai-codex",
    ),
    ("pi", pi_store(access=""), "credential-unreadable", "the entry of openai-codex in {file} has no token"),
    (
        "pi",
        pi_store(expires=int(BEFORE.timestamp() * 1000)),
        "credential-expired",
        "the credential for openai-codex expired at 2026-11-26T11:59:59Z",
    ),
    (
        "pi",
        pi_store(accountId="account-2"),
        "credential-other-account",
        "{file} names one account, and the token in it is of another",
    ),
]


@pytest.mark.parametrize(("kind", "values", "reason", "message"), PROBLEMS)
def test_what_cannot_be_used_is_said_before_a_run_with_the_command_that_helps(
    tmp_path: Path, kind: str, values: object, reason: str, message: str
) -> None:
    file = tmp_path / "auth.json" if values is None else stored(tmp_path, values)
    problem = source(f"{kind}:{file}").block(NOW)
    assert problem == Block(reason=reason, message=message.format(file=file), next=LOGIN[kind])


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o777])
def test_a_store_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = stored(tmp_path, codex_store(), mode)
    assert source(f"codex:{file}").block(NOW) == Block(
        reason="credential-exposed",
        message=f"{file} can be read or written by others (mode {mode:04o})",
        next=f"chmod 600 {file}",
    )


@pytest.mark.parametrize("kind", ["folder", "fifo"])
def test_a_store_that_is_no_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "auth.json"
    file.mkdir() if kind == "folder" else os.mkfifo(file)
    problem = source(f"codex:{file}").block(NOW)
    assert problem is not None
    assert problem.reason == "credential-unreadable"


def test_a_login_to_chatgpt_is_none_to_another_provider(tmp_path: Path) -> None:
    file = stored(tmp_path, codex_store())
    reasons = [
        problem.reason for name in ("anthropic", "openai") if (problem := source(f"codex:{file}", name).block(NOW))
    ]
    assert reasons == ["credential-other-provider"] * 2
    both = stored(tmp_path, {**codex_store(), "OPENAI_API_KEY": KEY})
    assert source(f"codex:{both}", "openai").token(NOW).value == KEY


def test_a_command_in_the_store_of_pi_is_not_run(tmp_path: Path) -> None:
    file = stored(tmp_path, {"openai": {"type": "api_key", "key": f"!touch {tmp_path}/run"}})
    problem = source(f"pi:{file}", "openai").block(NOW)
    assert problem is not None
    assert problem.message == f"the entry of openai in {file} is a command, which is not run"
    assert not (tmp_path / "run").exists()


def test_the_store_is_read_again_and_a_token_that_was_refreshed_is_used(tmp_path: Path) -> None:
    file = stored(tmp_path, codex_store())
    found = source(f"codex:{file}")
    first = found.token(NOW).value
    stored(tmp_path, codex_store(access_token=token(mark="two")))
    assert (first, found.token(NOW).value) == (token(), token(mark="two"))
    assert {token().encode(), token(mark="two").encode()} <= set(found.secret_values())


def test_a_store_that_is_replaced_by_that_of_another_account_is_refused(tmp_path: Path) -> None:
    file = stored(tmp_path, codex_store())
    found = source(f"codex:{file}")
    found.token(NOW)
    stored(tmp_path, codex_store(access_token=token("account-2"), account_id="account-2"))
    with pytest.raises(CredentialError) as refused:
        found.token(NOW)
    assert refused.value.block.reason == "credential-other-account"


def test_the_store_is_never_written(tmp_path: Path) -> None:
    file = stored(tmp_path, codex_store(), 0o400)
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    source(f"codex:{file}").token(NOW)
    assert (file.read_bytes(), file.stat().st_mtime_ns, list(tmp_path.iterdir())) == (*before, [file])


def test_every_value_of_the_store_is_looked_for_in_every_form(tmp_path: Path) -> None:
    values = codex_store()
    found = source(f"codex:{stored(tmp_path, values)}")
    found.token(NOW)
    known = found.secret_values()
    secrets = [values["tokens"][name] for name in ("access_token", "refresh_token", "id_token")]
    for secret in secrets:
        for before in ("", "x", "ab", "abc"):
            text = f"{before}{secret} and more".encode()
            for form in (text, base64.b64encode(text), base64.urlsafe_b64encode(text), text.hex().encode()):
                assert any(value in form for value in known), form
        assert any(value in quote(secret, safe="").encode() for value in known)
        assert any(value in "".join(f"%{byte:02X}" for byte in secret.encode()).encode() for value in known)
    assert not any(value in json.dumps({"account": "account-1", "kind": found.kind}).encode() for value in known)


def test_a_value_that_stands_everywhere_by_chance_is_not_looked_for() -> None:
    found = source("env:THE_KEY", "vllm", THE_KEY="dummy")
    found.token(NOW)
    assert found.secret_values() == ()


@pytest.mark.parametrize("provider", ["openai-codex", "openai", "anthropic", "vllm", "google"])
def test_the_stand_in_has_the_shape_that_the_program_expects_and_is_no_secret(provider: str) -> None:
    stand_in = source("env:THE_KEY", provider, THE_KEY=KEY).stand_in()
    if provider == "openai-codex":
        account, ends = account_of(stand_in)
        assert account
        assert ends is not None
        assert ends > NOW.timestamp()
        assert len(stand_in.split(".")) == 3
    for text in (stand_in, json.dumps({"apiKey": stand_in}), f"OPENAI_API_KEY={stand_in}\n"):
        assert scan(text.encode()) == []


def test_the_account_goes_with_the_token(provider: Provider, tmp_path: Path) -> None:
    file = stored(tmp_path, codex_store(access_token=token(ends=datetime(2099, 1, 1, tzinfo=UTC))))
    headers = {"Authorization": "Bearer stand-in", "chatgpt-account-id": "stand-in"}
    _, records = with_recorder(
        provider.url.removesuffix("/v1"),
        lambda base: [post(base, asking("gpt-5.5"), path, **headers) for path in ("/responses", "/codex/responses")],
        wire="responses",
        pair=("openai-codex", "gpt-5.5"),
        credential=f"codex:{file}",
    )
    assert [record.status for record in records] == [200, 200]
    seen = [(one.path, one.headers["chatgpt-account-id"], "stand-in" in str(one.headers)) for one in provider.seen]
    assert seen == [("/codex/responses", "account-1", False)] * 2


def test_a_store_that_breaks_during_the_run_is_recorded_and_nothing_is_sent(provider: Provider, tmp_path: Path) -> None:
    file = stored(tmp_path, codex_store())

    def use(base: str) -> int:
        file.write_text("{")
        return post(base, asking("gpt-5.5"), "/responses")[0]

    pair = ("openai-codex", "gpt-5.5")
    status, (record,) = with_recorder(provider.url, use, wire="responses", pair=pair, credential=f"codex:{file}")
    expected = (502, "credential-unusable", f"{file} is not a JSON object", [])
    assert (status, record.outcome, record.detail, provider.seen) == expected
