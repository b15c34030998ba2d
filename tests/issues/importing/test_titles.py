"""What a record's id and title are, by its name and its text."""

from __future__ import annotations

import pytest

from sotctl.issues.importing.folder import read_folder

STATUS = "\n\n## Status\n\nAccepted\n"
TITLES = [
    ("0001-x.md", "# 1. Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# 1: Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# 1) Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# ADR-001 Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# ADR001: Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# ADR 0001 – Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# ADR-0001 — Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# [ADR-0001] Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# ADR #1: Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# 0001 Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# **1. Use git**", "ADR-0001", "Use git"),
    ("0001-x.md", "# Architecture Decision Record 1: Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# ADR-0001", "ADR-0001", "ADR-0001"),
    ("0001-x.md", "# 1 GB is the limit", "ADR-0001", "1 GB is the limit"),
    ("0001-x.md", "# 1.5 is the version", "ADR-0001", "1.5 is the version"),
    ("0002-x.md", "# 2FA for all", "ADR-0002", "2FA for all"),
    ("0003-x.md", "# 3.11 is the oldest", "ADR-0003", "3.11 is the oldest"),
    ("0007-x.md", "# 7-zip", "ADR-0007", "7-zip"),
    ("0024-x.md", "# 24/7 support", "ADR-0024", "24/7 support"),
    ("0100-x.md", "# 100% coverage", "ADR-0100", "100% coverage"),
    ("0005-x.md", "# 10. Another number", "ADR-0005", "10. Another number"),
    ("use-git.md", "# 7. Use git", "ADR-0007", "Use git"),
    ("ccc-jb-001-use-git.md", "# 1. Use git", "ADR-0001", "Use git"),
    ("use-git.md", "# ADR-12: Use git", "ADR-0012", "Use git"),
    ("use-git.md", "# 12 factors", "ADR-0001", "12 factors"),
    ("ADR-0001-a.MD", "# Use git", "ADR-0001", "Use git"),
    ("adr_0003_c.markdown", "# Use git", "ADR-0003", "Use git"),
    ("ADR0004.md", "# Use git", "ADR-0004", "Use git"),
    ("Decision 5 - x.md", "# Use git", "ADR-0005", "Use git"),
    ("0006-use-git/README.md", "# Use git", "ADR-0006", "Use git"),
    ("backend/0008-use-git.md", "# Use git", "ADR-0008", "Use git"),
    ("2024-02-03-x.md", "# 2024-02-03 Use git", "ADR-20240203", "Use git"),
    ("20240203-x.md", "# Use git", "ADR-20240203", "Use git"),
    ("2024-99-03-x.md", "# Use git", "ADR-2024", "Use git"),
    ("0001-x.md", "# Use `git` & C#", "ADR-0001", "Use `git` & C#"),
    ("0001-x.md", "# Port to C# #", "ADR-0001", "Port to C#"),
    ("0001-x.md", "Use git for\nall records\n===", "ADR-0001", "Use git for all records"),
    ("0001-x.md", "Two\\\nlines  \nhard\n---", "ADR-0001", "Two lines hard"),
    ("0001-x.md", "#\tTabbed", "ADR-0001", "Tabbed"),
    ("0001-x.md", "   #   Indented   ", "ADR-0001", "Indented"),
    ("0001-x.md", "## Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# Status quo of logging", "ADR-0001", "Status quo of logging"),
    ("0001-x.md", "# Context", "ADR-0001", "Context"),
    ("0001-x.md", "---\ntitle: ADR-1: Use git\n---\n\nText.", "ADR-0001", "Use git"),
    ("0001-x.md", "---\ntag:web\n---\n\n# 1. Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "<!-- reviewed -->\n\nOwner: storage\n\n# 1. Use git", "ADR-0001", "Use git"),
    ("0001-x.md", "# Title\n\nUse git", "ADR-0001", "Use git"),
    ("0001-x.md", "**1. Use git**", "ADR-0001", "Use git"),
    ("0001-x.md", "Use git", "ADR-0001", "Use git"),
    ("0001-use_the-force.md", "A sentence. With more.", "ADR-0001", "use the force"),
    ("0001-x.md", "```\n# code\n```\n\n# Use git", "ADR-0001", "Use git"),
]


@pytest.mark.parametrize(
    ("name", "text", "issue_id", "title"), TITLES, ids=[f"{name}|{text}" for name, text, *_ in TITLES]
)
def test_a_record_has_its_id_and_its_title_as_written(name: str, text: str, issue_id: str, title: str) -> None:
    records = read_folder({name: (text + STATUS).encode()}).records
    assert {key: record.title.text for key, record in records.items()} == {issue_id: title}


def test_what_holds_no_record_is_named_with_the_reason() -> None:
    names = [
        "README.md",
        "readme.fr.md",
        "index.md",
        "_index.md",
        "000-index.md",
        "template.md",
        "0000-adr-template-de.md",
        "Vorlage.md",
    ]
    files = dict.fromkeys(names, b"# A\n\nStatus: accepted\n")
    files |= {
        "0001-a.adoc": b"= A\n",
        "logo.png": b"\x89PNG",
        "0002-b.md": b" \n",
        "glossary.md": b"# Words\n\nText.\n",
    }
    files |= {
        "0003-c.md": b"# C \xe9\n",
        "0004-d.md": b"# D \x00\n",
        "0012-template-engine.md": b"# E\n\nStatus: accepted\n",
    }
    folder = read_folder(files)
    assert [record.path for record in folder.records.values()] == ["0012-template-engine.md"]
    assert {(left.path, left.reason, left.is_record) for left in folder.left_out} == {
        *((name, "an index or a text about the folder, by its name", False) for name in names[:5]),
        *((name, "a template, by its name", False) for name in names[5:]),
        ("0001-a.adoc", "not Markdown", True),
        ("logo.png", "not Markdown", False),
        ("0002-b.md", "it is empty", True),
        ("glossary.md", "not a record: it has neither a number nor a status", False),
        ("0003-c.md", "byte 4 is not UTF-8", True),
        ("0004-d.md", "U+0000 hides or breaks text and is not allowed", True),
    }


def test_a_file_of_several_records_is_named_and_one_that_mentions_others_is_not() -> None:
    log = "# Decisions\n\n## ADR-001: Use git\n\n**Status**: Accepted\n\n## ADR-002: Use SVN\n\n- Status: rejected\n"
    one = "# ADR-3: Use make\n\nStatus: accepted\n\n## Related\n\n### ADR-001: Use git\n\nWhy.\n"
    folder = read_folder({"decisions.md": log.encode(), "0003-c.md": one.encode()})
    assert list(folder.records) == ["ADR-0003"]
    assert [(left.path, left.line, left.reason, left.is_record) for left in folder.left_out] == [
        ("decisions.md", 7, "it holds 2 records; put each into a file of its own", True)
    ]


def test_one_number_for_two_records_and_none_are_said() -> None:
    text = b"# A\n\nStatus: accepted\n"
    folder = read_folder(dict.fromkeys(["0005-a.md", "0005-b.md", "20240203-a.md", "20240203-b.md", "c.md"], text))
    assert list(folder.records) == ["ADR-0005-1", "ADR-0005-2", "ADR-0006", "ADR-20240203-1", "ADR-20240203-2"]
    assert folder.notes == (
        "0005-a.md: another record has its number too; it becomes ADR-0005-1",
        "0005-b.md: another record has its number too; it becomes ADR-0005-2",
        "20240203-a.md: another record has its number too; it becomes ADR-20240203-1",
        "20240203-b.md: another record has its number too; it becomes ADR-20240203-2",
        "c.md: it has no number; it becomes ADR-0006",
    )


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"\xef\xbb\xbf# 1. Use git\n\nStatus: accepted\n", "it begins with a byte order mark, which is left out"),
        ("\ufeff# 1. Use git\n\nStatus: accepted\n".encode("utf-16-le"), "it is UTF-16, and is written as UTF-8"),
        ("\ufeff# 1. Use git\r\n\r\nStatus: accepted\r\n".encode("utf-16-be"), "it is UTF-16, and is written as UTF-8"),
    ],
)
def test_a_byte_order_mark_is_said_and_read(data: bytes, note: str) -> None:
    folder = read_folder({"0001-a.md": data})
    assert folder.notes == (f"0001-a.md: {note}",)
    assert [(record.title.text, record.status) for record in folder.records.values()] == [("Use git", "validated")]
