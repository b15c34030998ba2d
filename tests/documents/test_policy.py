"""sot.toml is read strictly, and what is wrong with it is named with its line."""

from __future__ import annotations

import pytest

from sotctl.documents.policy import parse_policy
from sotctl.findings import RejectedError


def refused(text: str) -> list[tuple[int, str]]:
    with pytest.raises(RejectedError) as error:
        parse_policy("sot.toml", text.encode())
    return [(finding.line, finding.message) for finding in error.value.findings]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[store]\nowner = "a"\n[approval]\nowner = "b"\n', 4, "`owner` is not a field"),
        ('# approvers\n[approval]\ncore_route_prefix = "approvers"\napprovers = [""]\n', 4, "`approvers`"),
        ('[store]\nowner = "a"\nowner = "b"\n', 3, "not valid TOML"),
        ('[store]\nowner = "a"\nowner = "b"', 3, "not valid TOML"),
        ('[store]\nowner = "a"\n\n[store]\n', 4, "not valid TOML"),
        ('store.owner = "a"\nreview.warn_days = -1\n', 2, "`warn_days`"),
        ('[review]\n"warn_days" = "x"\n', 2, "`warn_days`"),
        ('[issues.statuses]\ndraft = ["in-review"]\n', 2, "`in-review` cannot be written as a status"),
        ('[issues.statuses]\ndraft = ["ready"]\nDone = ["draft"]\n', 3, "`Done` cannot be written as a status"),
        ('[networks]\nlocal = ["127.0.0.1"]\nwide = ["*.example.com"]\n', 3, "is no host"),
        ('[networks]\nwide = ["https://example.com/v1"]\n', 2, "is no host"),
        ('[networks]\nwide = ["a b"]\n', 2, "is no host"),
        ('[credentials]\na = "pi"\nb = "env:1X"\n', 3, "must be env:NAME, pi, pi:FILE, codex, codex:FILE or none"),
        ('[credentials]\na = "the-key-itself"\n', 2, "must be env:NAME"),
        ('[credentials]\na = ["pi"]\n', 2, "must be env:NAME"),
        ('[credentials]\na = "codex:"\n', 2, "must be env:NAME"),
        ('[secrets]\nbaseline = "../x"\n', 2, "outside the repository"),
        ('[secrets]\nbaseline = "a/../../x"\n', 2, "outside the repository"),
        ('[secrets]\nbaseline = "/etc/passwd"\n', 2, "outside the repository"),
        ('[approval]\nallowed_signers = "keys/signers"\n', 2, "inside the repository"),
        ('[exports]\nopa = "a"\nlitellm = "a"\n', 3, "name one file"),
        ('[exports]\nopencode = "/etc/x"\n', 2, "outside the repository"),
        ('[exports]\nopencode = "./x.json"\n', 2, "as git writes it"),
        ('[exports]\nopencode = "a//x.json"\n', 2, "as git writes it"),
        ('[exports]\nopencode = "a/"\n', 2, "as git writes it"),
        ('[exports]\nopencode = ".git/hooks/x"\n', 2, "as git writes it"),
        ('[exports]\nopencode = ".sot/x.json"\n', 2, "as git writes it"),
        ('[exports]\nopencod = "x"\n', 2, "did you mean `opencode`?"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    found = refused(text)
    assert [number for number, _ in found] == [line]
    assert words in found[0][1]


@pytest.mark.parametrize(
    "text",
    [
        '[networks]\nlocal = ["127.0.0.1", "::1", "[::1]:8080", "localhost:8000", "api.example.com"]\n',
        '[secrets]\nbaseline = "docs/baseline..json"\n',
        '[approval]\nallowed_signers = "~/.ssh/signers"\n',
        '[issues.statuses]\ndraft = ["in_review"]\nin_review = ["draft"]\n',
    ],
)
def test_what_can_be_meant_is_read(text: str) -> None:
    parse_policy("sot.toml", text.encode())


def test_the_sources_of_credentials_are_read_by_class() -> None:
    text = '[credentials]\ncodex-oauth = "codex"\napi-key-env = "env:OPENAI_API_KEY"\nown = "pi:~/.pi/agent/auth.json"\nlocal = "none"\n'
    assert parse_policy("sot.toml", text.encode()).credentials == {
        "codex-oauth": "codex",
        "api-key-env": "env:OPENAI_API_KEY",
        "own": "pi:~/.pi/agent/auth.json",
        "local": "none",
    }


def test_exports_are_those_of_the_store_at_the_top() -> None:
    text = b'[exports]\nopencode = "opencode.json"\n'
    assert parse_policy(".sot/sot.toml", text).exports == {"opencode": "opencode.json"}
    with pytest.raises(RejectedError, match="at the top of the repository alone") as error:
        parse_policy("a/.sot/sot.toml", text)
    assert [finding.line for finding in error.value.findings] == [1]
