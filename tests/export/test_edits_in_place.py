"""Whatever stands in a target besides, an export leaves it there: JSON with comments and YAML, in any layout."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from samples import START, decided, snapshot
from sotctl.export.admitted import admitted
from sotctl.export.catalogue import formats
from sotctl.export.jsonc import parse, with_value

PAIRS = admitted(snapshot({**START, **decided(START).files}))
KEYS = st.sampled_from(["a", "model", "provider", "b c", 'd"e', "ключ", "whitelist", "//", "/*", "experimental"])
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=6), st.just("// no , } comment */"))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
NOISE = st.sampled_from(["", " ", "\n", "\t", "// , }\n", "/* { , */", "\r\n"])


@st.composite
def written(draw: st.DrawFn, value: Any = None) -> tuple[str, Any]:
    """An object as someone may have written it, and its value."""
    value = draw(st.dictionaries(KEYS, VALUES, max_size=4)) if value is None else value

    def text(item: Any) -> str:
        noise = draw(NOISE)
        if isinstance(item, dict):
            rows = [f"{draw(NOISE)}{json.dumps(key)}{noise}:{text(one)}" for key, one in item.items()]
            return noise + "{" + ",".join(rows) + ("," if rows and draw(st.booleans()) else "") + draw(NOISE) + "}"
        if isinstance(item, list):
            rows = [text(one) for one in item]
            return noise + "[" + ",".join(rows) + ("," if rows and draw(st.booleans()) else "") + "]" + draw(NOISE)
        return noise + json.dumps(item, ensure_ascii=draw(st.booleans())) + draw(NOISE)

    return text(value) + draw(NOISE), value


@settings(max_examples=100)
@given(written(), st.lists(KEYS, min_size=1, max_size=3), VALUES)
def test_one_value_of_json_changes_and_nothing_else(source: tuple[str, Any], path: list[str], new: Any) -> None:
    text, value = source
    assert parse(text).value == value
    at = value
    for key in path[:-1]:
        at = at.get(key, {}) if isinstance(at, dict) else None
    if not isinstance(at, dict) or not all(isinstance(item, dict) for item in _on_the_way(value, path)):
        return
    changed = with_value(text, path, new)
    assert parse(changed).value == _with(value, path, new)
    assert with_value(changed, path, new) == changed
    node = parse(text).find(*path)
    if node is not None and node.value != new:
        assert changed.startswith(text[: node.start])
        assert changed.endswith(text[node.end :])


def _on_the_way(value: Any, path: list[str]) -> list[Any]:
    found, at = [value], value
    for key in path[:-1]:
        if not isinstance(at, dict) or key not in at:
            break
        at = at[key]
        found.append(at)
    return found


def _with(value: dict[str, Any], path: list[str], new: Any) -> dict[str, Any]:
    head, *rest = path
    return {**value, head: _with(value.get(head, {}), rest, new) if rest else new}


ENTRY = st.fixed_dictionaries(
    {
        "model_name": st.sampled_from(["gpt-5.5", "gpt-4", "*"]),
        "litellm_params": st.fixed_dictionaries(
            {"model": st.sampled_from(["chatgpt/gpt-5.5", "openai/gpt-4", "openai/*"])},
            optional={"api_base": st.just("http://127.0.0.1:1"), "rpm": st.integers(1, 9), "note": st.just("a\nb\n")},
        ),
    },
    optional={"model_info": st.dictionaries(st.sampled_from(["id", "mode"]), st.text("ab", max_size=3), max_size=2)},
)
OTHER = st.dictionaries(st.sampled_from(["litellm_settings", "environment_variables"]), VALUES, max_size=2)


@settings(max_examples=100)
@given(
    st.lists(ENTRY, max_size=4),
    OTHER,
    st.booleans(),
    st.sampled_from([2, 4]),
    st.booleans(),
)
def test_the_models_of_yaml_change_and_nothing_else(
    entries: list[Any], other: dict[str, Any], first: bool, indent: int, bare: bool
) -> None:
    document = {"model_list": entries, **other} if first else {**other, "model_list": entries}
    text = yaml.safe_dump(document, sort_keys=False, indent=indent, default_flow_style=False, allow_unicode=True)
    text = "# ours\n" + (text.removesuffix("\n") if bare else text)
    for pairs in (PAIRS, []):
        data = formats()["litellm"].write(pairs, text.encode(), revision="").data
        after = yaml.safe_load(data)
        assert {key: value for key, value in after.items() if key != "model_list"} == kept_of(text)
        kept = [one for one in entries if _is_ours(one)] if pairs else []
        wanted = kept or ([{"model_name": "gpt-5.5", "litellm_params": {"model": "chatgpt/gpt-5.5"}}] if pairs else [])
        assert after["model_list"] == wanted
        assert data.startswith(b"# ours\n")
        assert formats()["litellm"].write(pairs, data, revision="").data == data


def kept_of(text: str) -> dict[str, Any]:
    """What a file holds besides the list, as a reader of YAML has it."""
    return {key: value for key, value in yaml.safe_load(text).items() if key != "model_list"}


def _is_ours(entry: dict[str, Any]) -> bool:
    return entry["model_name"] == "gpt-5.5" and entry["litellm_params"]["model"] == "chatgpt/gpt-5.5"
