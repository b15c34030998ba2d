"""What becomes of a record's text: it is kept, and it stays inside its issue."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samples import NOW, snapshot
from sotctl.issues.importing.folder import read_folder
from sotctl.issues.importing.plan import PlannedImport, plan_records

LEAD = "# 1. A\n\n## Status\n\nAccepted\n\n## Body\n\n"
OTHER = (
    "# 2. B\n\n## Status\n\nAccepted\n\nSee [x][1], note[^1] and [plain].\n\n[1]: https://b.example\n\n[^1]: foot two\n"
)
BODIES = {
    "```sh\nmake": "```",
    "~~~~\nx\n~~~": "~~~~",
    "````\n```\n# x\n```": "````",
    "<!--\n# hidden": "-->",
    "a\n\n<!-- x\n\ny": "-->",
    "<pre>\n# x": "</pre>",
    "<script>\nlet a": "</script>",
    "<textarea>\n\n# x": "</textarea>",
    "<?php\n# x": "?>",
    "<![CDATA[\n# x": "]]>",
    "<div>\n# x": "",
    "- item\n  ```\n  open": "",
    "> ```\n> open": "",
    "    # code\n\n\t## code": "",
    "```\n# a\n## b\n```\n\n<!--\n# hidden\n-->": "",
    "- # heading in a list\n- b": "",
    "Status: Foo\nBar": "",
    "Blocked by:\n\n- JP": "",
    "---\n\ntext\n\n***": "",
    "a | b\n--|--\n1 | 2": "",
    "#\n\n##": "",
    "text\\": "",
}


def imported(files: dict[str, str], choices: dict[str, str] | None = None) -> PlannedImport:
    """The import of a folder `adr` into an empty store."""
    folder = read_folder({name: text.encode() for name, text in files.items()})
    return plan_records(snapshot({}), "ADR.md", folder, choices or {}, base="adr", now=NOW)


def sections(planned: PlannedImport) -> dict[str, str]:
    """The written document by issue, read back by the reader of issues."""
    (data,) = planned.plan.files.values()
    document = snapshot(dict(planned.plan.files)).load(next(iter(planned.plan.files))).issues
    assert document is not None
    starts = [*(issue.start for issue in document.issues), len(data)]
    return {
        f"{issue.id} {issue.status}": data[start:end].decode()
        for issue, start, end in zip(document.issues, starts, starts[1:], strict=False)
    }


def words(text: str) -> Counter[str]:
    """What must not be lost, apart from the marks of headings."""
    return Counter(re.findall(r"[^\s#=*–-]+", text))


@pytest.mark.parametrize("body", list(BODIES))
def test_a_record_never_reaches_into_the_next_one(body: str) -> None:
    planned = imported({"0001-a.md": LEAD + body + "\n", "0002-b.md": OTHER})
    found = sections(planned)
    assert list(found) == ["ADR-0001 validated", "ADR-0002 validated"]
    assert body.replace("Status:", "**Status:**") in found["ADR-0001 validated"] or body == "#\n\n##"
    assert not words(LEAD + body) - words(found["ADR-0001 validated"]) - Counter(["1."])
    assert found["ADR-0001 validated"].endswith((f"\n{BODIES[body]}\n\n", f"\n{BODIES[body]}\n")) or not BODIES[body]
    assert [note.partition("ends with ")[2] for note in planned.notes] == ([BODIES[body]] if BODIES[body] else [])


def test_headings_go_below_the_issue_whatever_their_form() -> None:
    text = "Use git for\nall records\n===========\n\nStatus\n------\n\nAccepted\n\nTwo\nlines\n---\n\n##\tDecision\n\n   ### Why #\n\nUse #\n---\n"
    assert sections(imported({"0001-a.md": text})) == {
        "ADR-0001 validated": "## ADR-0001 - Use git for all records\n\nStatus: validated.\n\nImported from `adr/0001-a.md`.\n\n"
        "### Status\n\nAccepted\n\n### Two lines\n\n### Decision\n\n#### Why\n\n### Use \\#\n"
    }


def test_sections_of_the_first_level_go_below_too() -> None:
    text = "# 1. A\n\n# Status\n\nAccepted\n\n# Context\n\n## Deep\n\n###### Deepest\n"
    body = sections(imported({"0001-a.md": text}))["ADR-0001 validated"]
    assert [line for line in body.splitlines() if line.startswith("#")] == [
        "## ADR-0001 - A",
        "### Status",
        "### Context",
        "#### Deep",
        "###### Deepest",
    ]


def test_the_header_and_what_stands_before_the_title_are_kept() -> None:
    header = "status: accepted # since May\ndate: 2024-02-03\ndecision-makers: [A, B]\nconsulted:\n  - C"
    text = f"\ufeff---\n{header}\n---\n<!-- reviewed by legal -->\n\nOwner: storage team\n\n# 1. Use git\n\nWhy.\n"
    assert sections(imported({"0001-a.md": text})) == {
        "ADR-0001 validated": "## ADR-0001 - Use git\n\nStatus: validated.\n\nImported from `adr/0001-a.md`.\n\n"
        f"```yaml\n{header}\n```\n\n<!-- reviewed by legal -->\n\nOwner: storage team\n\nWhy.\n"
    }


def test_a_plain_status_line_and_a_heading_with_an_id_stay_text() -> None:
    text = "# ADR-0001: Use git\n\nStatus: Accepted\nDate: 2024-02-03\n\n## UTF-8 - everywhere\n\n   Status: draft.\n"
    planned = imported({"0001-a.md": text})
    assert sections(planned)["ADR-0001 validated"].endswith(
        "\n**Status:** Accepted\nDate: 2024-02-03\n\n### UTF-8 – everywhere\n\n   **Status:** draft.\n"
    )
    assert planned.notes == ("0001-a.md: line 6: the heading would begin another issue; its ` - ` is a dash",)


def test_links_and_footnotes_lead_where_they_led() -> None:
    first = (
        LEAD
        + "See [a][1], [1][], ![i][1], [plain] and note[^1] `[^1]`.\n\n[1]: https://a.example\n[plain]: p.md\n\n[^1]: foot one\n"
    )
    found = sections(imported({"0001-a.md": first, "0002-b.md": OTHER}))
    assert first.split("## Body\n\n")[1] in found["ADR-0001 validated"]
    assert "See [x](<https://b.example>), note[^ADR-0002-1] and \\[plain]." in found["ADR-0002 validated"]
    assert "[^ADR-0002-1]: foot two" in found["ADR-0002 validated"]


def test_what_cannot_be_kept_is_named_with_its_line_and_the_rest_arrives() -> None:
    token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
    files = {
        "0001-a.md": LEAD,
        "0002-b.md": "# B\n\nStatus: on hold\n",
        "0003-c.md": "# C\n\nText.\n",
        "0004-d.md": "---\nstatus: accepted\n---\n\n# D\n\n## Status\n\nRejected\n",
        "0005-e.md": f"# E\n\nStatus: accepted\n\n{token}\n",
        "0006-f.md": "# F\n\nStatus: accepted\n\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n",
    }
    planned = imported(files)
    assert list(sections(planned)) == ["ADR-0001 validated"]
    assert sorted((left.path, left.line, left.reason, left.fix) for left in planned.left_out) == [
        ("0002-b.md", 3, "the status `on hold` is not understood", "--status 'on hold=STATUS'"),
        (
            "0003-c.md",
            0,
            "it states no status",
            "--status 0003-c.md=STATUS, or --status =STATUS for every record without one",
        ),
        ("0004-d.md", 0, "it states `accepted` (line 2) and `Rejected` (line 7)", "--status 0004-d.md=STATUS"),
        ("0005-e.md", 5, "it holds what looks like a secret (github-token)", ""),
        ("0006-f.md", 5, "a merge left both sides here", ""),
    ]
    chosen = imported(files, {"on hold": "draft", "": "ready", "0004-d.md": "rejected"})
    assert list(sections(chosen)) == ["ADR-0001 validated", "ADR-0002 draft", "ADR-0003 ready", "ADR-0004 rejected"]


def test_a_folder_that_is_too_large_for_one_document_becomes_several() -> None:
    files = {f"{number:04}-x.md": f"{LEAD}{'word ' * 240_000}\n" for number in range(1, 6)}
    files["0006-y.md"] = LEAD + "word " * 700_000
    planned = imported(files)
    found = {path: [issue.id for issue in snapshot({path: data}).issues()] for path, data in planned.plan.files.items()}
    assert found == {
        ".sot/02-ISSUES/ADR.md": ["ADR-0001", "ADR-0002"],
        ".sot/02-ISSUES/ADR-2.md": ["ADR-0003", "ADR-0004"],
        ".sot/02-ISSUES/ADR-3.md": ["ADR-0005"],
    }
    assert [(left.path, left.reason) for left in planned.left_out] == [("0006-y.md", "it is too large for a document")]


def test_a_record_that_is_there_is_left_alone_and_another_issue_of_its_id_is_named() -> None:
    files = {"0001-a.md": LEAD, "0002-b.md": OTHER}
    first = imported({"0001-a.md": LEAD}).plan.files
    store = snapshot({**first})
    folder = read_folder({name: text.encode() for name, text in files.items()})
    path = ".sot/02-ISSUES/ADR.md"
    again = plan_records(store, "ADR.md", folder, {}, base="adr", now=NOW)
    assert [(left.path, left.reason, left.is_record) for left in again.left_out] == [
        ("0001-a.md", f"ADR-0001 is in {path}:14 already", False)
    ]
    assert again.plan.files[path].startswith(first[path])
    other = plan_records(store, "ADR.md", folder, {}, base="packages/adr", now=NOW)
    assert [(left.path, left.reason, left.is_record) for left in other.left_out] == [
        ("0001-a.md", f"ADR-0001 is another issue, {path}:14", True)
    ]


@pytest.mark.parametrize("body", ["> " * 3000 + "x", "*a " * 3000, "- " * 2000 + "x", "Status: " + "a:b | " * 9000])
def test_hostile_text_is_imported_or_named(body: str) -> None:
    planned = imported({"0001-a.md": LEAD + body + "\n", "0002-b.md": OTHER})
    assert "ADR-0002 validated" in sections(planned)
    assert [left.path for left in planned.left_out] in ([], ["0001-a.md"])


PIECES = [
    "```",
    "~~~",
    "# H",
    "## ADR-0002 - X",
    "Status: draft.",
    "Status: accepted",
    "---",
    "===",
    "<!--",
    "-->",
    "<pre>",
]
PIECES += [
    "- a",
    "  - b",
    "> q",
    "    code",
    "| a | b |",
    "|--|--|",
    "[1]: u",
    "[1]",
    "[^1]: n",
    "text",
    "",
    "",
    "\t",
    "<div>",
]


# A file with more than one record is left out whole.
WHOLE = st.lists(st.sampled_from(PIECES), max_size=9).filter(lambda pieces: sum("## ADR" in one for one in pieces) < 2)


@settings(max_examples=60)
@given(st.lists(WHOLE.map("\n".join), min_size=1, max_size=3))
def test_whatever_records_hold_each_is_one_issue_with_all_its_words(bodies: list[str]) -> None:
    files = {f"{number:04}-x.md": f"{LEAD}{body}\n" for number, body in enumerate(bodies, 1)}
    planned = imported(files, dict.fromkeys(files, "validated"))
    found = sections(planned)
    assert list(found) == [f"ADR-{number:04} validated" for number in range(1, len(bodies) + 1)]
    for name, section in zip(files, found.values(), strict=True):
        kept = re.sub(r"\[\^ADR-\d+-", "[^", section.replace("\\", ""))
        assert not words(files[name]) - words(kept) - Counter(["1."])
