"""Tags and invisible characters: those within a word, or at its value, are taken out; those of plain pages are not."""

from __future__ import annotations

import pytest

from sotctl.secrets import scan_text
from sotctl.secrets.escapes import loosened

_TOKEN = "gh" + "p_" + "zQ7mX2vK9pL4nR8sT1wY6bD3fG5hJ0cA2eU9"
_VALUE = "Tr0ub4d0r" + "Xq9vK2"


@pytest.mark.parametrize(
    "text",
    [
        f"{_TOKEN[:9]}<b>{_TOKEN[9:14]}</b>{_TOKEN[14:]}",
        f"{_TOKEN[:9]}<em>{_TOKEN[9:]}</em>",
        f"{_TOKEN[:12]}<wbr>{_TOKEN[12:]}",
        f"{_TOKEN[:12]}\u200b{_TOKEN[12:]}",
        f"<b>api_key</b>: {_VALUE}",
        f"<strong>password</strong> = {_VALUE}",
        f"password: <code>{_VALUE}</code>",
        f"the password is <kbd>{_VALUE}</kbd>",
        f"the secret key <code>{_TOKEN[4:]}</code>",
    ],
)
def test_a_secret_under_tags_is_found(text: str) -> None:
    assert len(scan_text(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "<li>see <code>session.localSettings()</code> for <b>more</b> of it, and the <em>rest</em></li>",
        '<a href="#token"><code>token</code></a> is the <code>key</code> of a session',
        "'👩🏿\u200d🦼': 2, '🧑\u200d🔧': 5",
    ],
)
def test_a_plain_page_is_not_read_twice(text: str) -> None:
    assert not list(loosened(text.encode(), None))
