"""The values in a Kubernetes manifest of kind `Secret`, which are secrets whatever their keys are called."""

from __future__ import annotations

import binascii

from sotctl.secrets.rule import SecretRule, lazy
from sotctl.secrets.values import is_placeholder, is_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sotctl.secrets.rule import Spans

_SOURCE = "https://kubernetes.io/docs/concepts/configuration/secret/"
_MANIFEST_BYTES = 16 << 10
"""How far from its `kind` the values of a manifest are searched for."""
_BEFORE_BYTES = 256
"""Context at the start of a block, as `bulk.BEFORE_BYTES`; no rule is tried at a `kind` in it."""

_KIND_OF = r"""[Kk]ind\\{0,3}["']?[ \t]{0,4}:[ \t]{0,20}\\{0,3}["']?[Ss]ecret(?![A-Za-z])"""
_KIND = lazy(_KIND_OF.encode() + rb"""\\{0,3}["']?[ \t]{0,20}(?:,|\}|\#[^\n]{0,200}|\r?\n|\Z)""")
_BLOCK = lazy(rb"""(?m)^(?P<indent>[ ]{0,8})["']?(?P<kind>data|stringData)["']?:[ \t]{0,4}\r?\n""")
_ENTRY = lazy(
    rb"""(?P<indent>[ \t]{1,16})(?:\#[^\n]{0,4096}
    |["']?[\w.\-]{1,253}["']?:[ \t]{1,8}(?:[|>][+\-]?[ \t]{0,4}\r?\n[ \t]{1,24})?["']?(?P<secret>[^\s"'\#][^\s"']{3,8191})["']?
    |[^\n]{0,4096})[^\n]{0,4096}(?:\n|\Z)"""
)
_MEMBERS = lazy(rb"""(?<![\w.])(?P<kind>data|stringData)\\{0,3}["']?\s{0,4}:\s{0,4}\{(?P<members>[^{}]{0,16000})\}""")
_MEMBER = lazy(rb"""(?<![\w.\-])[\w.\-]{1,253}\\{0,3}["']?\s{0,4}:\s{0,4}\\{0,3}["']?(?P<secret>[^\s"'\\,]{4,8192})""")


def _find(data: bytes, position: int) -> Spans:
    """Return the values of the manifest whose `kind: Secret` is at *position*."""
    if _KIND().match(data, position) is None:
        return ()
    cell = position // _MANIFEST_BYTES * _MANIFEST_BYTES
    border = data.rfind(b"\n---", max(0, cell - _MANIFEST_BYTES), position) + 1
    if _KIND().search(data, max(border, cell, _BEFORE_BYTES), position) is not None:
        return ()  # the first manifest of a list covers all up to the next line of dashes
    start = border or max(0, cell - _MANIFEST_BYTES)
    end = data.find(b"\n---", position, cell + 2 * _MANIFEST_BYTES)
    stop = end + 1 if end >= 0 else data.find(b"\n", cell + 2 * _MANIFEST_BYTES) + 1 or len(data)
    spans: list[tuple[int, int]] = []
    for block in _BLOCK().finditer(data, start, stop):
        place = block.end()
        while (entry := _ENTRY().match(data, place, stop)) is not None and len(entry["indent"]) > len(block["indent"]):
            value = entry["secret"]
            if value and _is_held(value, encoded=block["kind"] == b"data"):
                spans.append(entry.span("secret"))
            place = entry.end()
    for members in _MEMBERS().finditer(data, start, stop):
        for member in _MEMBER().finditer(data, *members.span("members")):
            if _is_held(member["secret"], encoded=members["kind"] == b"data"):
                spans.append(member.span("secret"))
    return spans


_LITERALS = lazy(rb"""(?m)^[ \t]{0,12}-[ \t]{1,8}["']?[\w.\-]{1,253}=(?P<secret>[^\s"']{6,2000})["']?[ \t]{0,8}\r?$""")
_ATTRIBUTES = lazy(rb"""(?m)^[ \t]{1,24}["']?[\w.\-]{1,253}["']?[ \t]{0,40}=[ \t]{0,40}"(?P<secret>[^\s"]{6,2000})"[ \t]{0,8}\r?$""")
_ENDS = lazy(rb"""\n(?:[A-Za-z#]|\}|[ \t]{1,4}files:|-[ ]name:[^\n]{0,200}\n(?=[ ]{1,8}files))""")
_GENERATED_BYTES = 4 << 10


def _find_generated(data: bytes, position: int) -> Spans:
    """Return the values of the Secret that is declared at *position* for Kustomize or Terraform to generate."""
    of_terraform = data.startswith(b"kubernetes_secret", position)
    end = _ENDS().search(data, position + 1, position + _GENERATED_BYTES)
    stop = end.start() if end else position + _GENERATED_BYTES
    start = data.find(b"data" if of_terraform else b"literals:", position, stop)
    entries = (_ATTRIBUTES if of_terraform else _LITERALS)().finditer(data, start, stop) if start >= 0 else ()
    return [entry.span("secret") for entry in entries if _is_held(entry["secret"], encoded=False)]


def _is_held(value: bytes, *, encoded: bool) -> bool:
    """Whether *value* is a secret, not a placeholder or a public certificate; *encoded* values are base64."""
    if not encoded:
        return len(value) >= 6 and not is_reference(value) and not is_placeholder(value)
    try:
        held = binascii.a2b_base64(value, strict_mode=True)
    except binascii.Error:
        return False
    if held.startswith(b"{") and b'"auth"' in held:  # a Docker login, even for an example host
        return True
    if not held.isascii() or min(held, default=0) < 9:  # a binary key, which can contain a placeholder word by chance
        return len(held) >= 8 and len(set(held)) >= 6
    public = held.startswith(b"-----BEGIN CERT")
    return len(held.strip()) >= 4 and not public and not is_placeholder(held) and not is_reference(held)


RULES = (
    SecretRule(
        id="kubernetes-secret",
        loose=True,
        summary="value in a Kubernetes Secret",
        source=_SOURCE,
        find=_find,
        pattern=_KIND_OF,
        keywords=("kind",),
        near=r"""kind\\*["']?[ \t]*:[ \t]*\\*["']?secret""",
        fold=True,
        matches=(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: app\ndata:\n  # of the database\n  extra: " + "YWRtaW46cGFz" + "c3dvcmQ=\n",
            "data:\n  dockercfg: |\n    " + "eyJhdXRoIjoib3" + "BlbnNlc2FtZSJ9\nkind: 'secret'\n",
            "kind: Secret\nstringData:\n    answer: " + "fortyTwo42\n",
            '{"kind": "Secret", "data": {"conn": "' + "xmVCgbyz" + 'POTbVlnZVlWMzw=="}}',
            'applied: "{\\"kind\\":\\"Secret\\",\\"data\\":{\\"conn\\":\\"' + "xmVCgbyz" + 'POTbVlnZVlWMzw==\\"}}"',
            "kind: Secret\ndata: {conn: " + "xmVCgbyz" + "POTbVlnZVlWMzw==, port: NTQzMg==}\n",
        ),
        misses=(
            "kind: Secret\ndata:\n  extra: <base64 of the password>\n",
            "kind: Secret\nmetadata:\n  name: app\ntype: Opaque\n",
            "kind: Secret\ndata:\n  tls.crt: " + "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==\n",
            "kind: ConfigMap\ndata:\n  extra: " + "YWRtaW46cGFzc3dvcmQ=\n",
            "kind: Secret\n---\nkind: ConfigMap\ndata:\n  extra: " + "YWRtaW46cGFzc3dvcmQ=\n",
            "kind: SecretList\ndata:\n  extra: " + "YWRtaW46cGFzc3dvcmQ=\n",
        ),
    ),
    SecretRule(
        id="kubernetes-generated-secret",
        loose=True,
        summary="value from which a Kubernetes Secret is generated",
        source="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/",
        find=_find_generated,
        keywords=("secretgenerator", "kubernetes_secret"),
        fold=True,
        matches=("secretGenerator:\n- name: db\n  literals:\n  - conn=" + "fortyTwo42\n", 'resource "kubernetes_secret" "db" {\n  data = {\n    conn = "' + "fortyTwo42" + '"\n  }\n}'),
        misses=(
            "secretGenerator:\n- name: db\n  literals:\n  - conn=${CONN}\n",
            "secretGenerator:\n- name: db\n  files:\n  - secret.txt\nconfigMapGenerator:\n- literals:\n  - level=debug42",
            'resource "kubernetes_secret" "db" {\n  data = {\n    conn = var.conn\n  }\n}',
        ),
    ),
)
