"""Telling words that no value follows: the quick look at them must agree with the full one."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sotctl.secrets import context
from sotctl.secrets.names import WORDS

_WORD = re.compile("|".join(map(re.escape, sorted(WORDS, key=len, reverse=True))).encode("latin-1"), re.IGNORECASE)
_KEYS = b"key|apikey|secret|token|password|x.api_key|auth|--token|pass |clave |Keyword|db-password|bearer".split(b"|")
_BETWEEN = (
    *b'" \' ` "" ) ] ( [0] [ , : = == => := . .or .orElse( .get( value= value: \\ \\" ** | || ?? or { } < > ;'.split(),
    *(b"7", b"12345", b"1234567", b'{ "', b"}, ", b"str(", b"new ", b"name(", b"x.name(", b'",\n  "', b",\n", b'r"'),
    *(b"</td><td>", b"</a>", b'<a b="', b"/", b"//", b" |", b'|| "', b'? "', b'="', b'= "', b": str", b"String = "),
    *(b" as x = ", b" else ", b" or ", b' value = "', b" string = ", b" is ", b" is a "),
    *(b" ", b"\t", b"\n", b"\n  ", b"\r\n    ", b": ", b" = ", b" or ", b"default = ", b"is ", b"- ", b"bearer "),
    *b"- $ ! @ & name NextToken some_name str None \xc3\xa9 \xe2\x86\x92 </b><c> as de api order values digest".split(),
    *(b"hunter2" + b"Xq9", b"aB3dE6gH" + b"9kL2mN5p", b"XqRtWz" + b"KpLmVb", b"hUntEr" + b"WoLfCat"),
)
_ENDS = (b"", b"\n", b"aB3dE6gH" + b'9kL2mN5pQ8"', b'"c0rrect' + b'Horse9"')


@settings(max_examples=400)
@given(st.sampled_from(_KEYS), st.lists(st.sampled_from(_BETWEEN), min_size=1, max_size=9), st.sampled_from(_ENDS))
@example(b"token", [b": ", b'"', b"NextToken", b'"', b"|", b"|", b'"'], b'"c0rrect' + b'Horse9"')
@example(b"key", [b".", b"or", b"("], b'"c0rrect' + b'Horse9"')
def test_where_the_quick_look_sees_no_value_there_is_none(key: bytes, between: list[bytes], end: bytes) -> None:
    text = b"x " + key + b"".join(between) + end
    for word in _WORD.finditer(text):
        assert context.find(text, word.start()) == context.given(text, word.start())
