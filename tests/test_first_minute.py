"""A repository's first minute, and an issue shown as it is written."""

from __future__ import annotations

import json
import shlex

from samples import Repository, document

WRITTEN = document(
    """\
## A-1 - Port to C#

Status: ready.

Some text
on two lines, see [this][a].

[a]: https://example.com

### Notes

- one
  - nested

> quoted

```sh
make  all
```

| a | b |
|---|---|
| 1 | 2 |

**Acceptance:**

- x

### Blocked by

1. y
"""
)
SHOWN = """A-1 - Port to C#
ready    .sot/02-ISSUES/w.md:12

Some text on two lines, see [this][a].

[a]: https://example.com

### Notes

- one
  - nested

> quoted

```sh
make  all
```

| a | b |
|---|---|
| 1 | 2 |

Acceptance
  [?] 1  x
  [?] is for a person to decide:
      sotctl issue accept A-1 N --evidence REF

Blocked by
  [ ] 1  y
"""


def test_every_step_is_one_command_that_the_step_before_printed(empty: Repository) -> None:
    empty.done("init", "--no-hooks")
    said = empty.done("issue", "list")
    assert said == "no issue yet; add one: sotctl issue new WORK-1 'A title'\n"
    said = empty.done(*shlex.split(said.partition("sotctl ")[2]))
    assert said.endswith("next    sotctl issue show WORK-1\n")
    assert "WORK-1 - A title" in empty.done(*shlex.split(said.rpartition("sotctl ")[2]))
    empty.done("issue", "new", "WORK-2", "Another", "--in", "other.md")
    refused = empty.run("issue", "new", "WORK-3", "It's third")
    assert refused.returncode == 2
    empty.done(*shlex.split(refused.stderr.partition("hint: sotctl ")[2].replace("\\\n", "")))
    assert empty.done("issue", "list") == "WORK-1  draft  A title\nWORK-3  draft  It's third\nWORK-2  draft  Another\n"
    assert "no findings" in empty.done("check", "--all")


def test_a_title_comes_back_as_it_was_given(empty: Repository) -> None:
    empty.done("init", "--no-hooks")
    titles = ["Port to C#", "Port to #", "C ##", "Ends in \\#", "# first", "a & b &amp; c"]
    for number, title in enumerate(titles, 1):
        empty.done("issue", "new", f"A-{number}", title)
    listed = json.loads(empty.done("issue", "list", "--json"))["issues"]
    assert [issue["title"] for issue in listed] == titles


def test_a_document_that_cannot_be_read_is_named_where_its_issues_are_missing(empty: Repository) -> None:
    empty.done("init", "--no-hooks")
    empty.write(".sot/02-ISSUES/bare.md", "## A-1 - T\n\nStatus: draft.\n")
    done = empty.run("issue", "list")
    assert (done.returncode, done.stderr) == (
        0,
        ".sot/02-ISSUES/bare.md cannot be read, so issues are missing here: sotctl check --all\n",
    )


def test_an_issue_is_shown_as_it_is_written(empty: Repository) -> None:
    empty.done("init", "--no-hooks")
    empty.write(".sot/02-ISSUES/w.md", WRITTEN)
    assert empty.done("issue", "show", "A-1") == SHOWN
    empty.write(".sot/02-ISSUES/w.md", WRITTEN.replace("\n", "\r\n"))
    assert empty.done("issue", "show", "A-1") == SHOWN
    assert json.loads(empty.done("issue", "show", "A-1", "--json"))["text"].startswith("## A-1 - Port to C#\r\n")


def test_an_issue_whose_lists_cannot_be_read_says_so_and_is_not_next(empty: Repository) -> None:
    empty.done("init", "--no-hooks")
    empty.write(".sot/02-ISSUES/w.md", WRITTEN.replace("### Blocked by\n", "### Known blockers\n"))
    shown = empty.done("issue", "show", "A-1")
    said = "this line looks like the label of a list and is not"
    assert f"\nCannot be read\n  line 40  {said}\n      sotctl explain blockers-unreadable\n" in shown
    assert json.loads(empty.done("issue", "show", "A-1", "--json"))["unreadable"] == [{"line": 40, "message": said}]
    assert empty.done("issue", "next").splitlines() == [
        "nothing can be worked on",
        "A-1 waits for:",
        f"  - {said}",
        "  sotctl issue show A-1",
    ]
