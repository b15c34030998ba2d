"""The result of a verb, as a value: `cli` alone turns it into output and an exit status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The answer of a verb.

    `type` and `values` make the JSON document; `text` is what a person reads, without the last line end. `document`
    takes the place of both where a verb was asked for another format. `note` goes to stderr before the answer, `error`
    after it. `exit_code` is 0 for a pass, 1 for findings or a block, 3 for a job that was only partly done.
    """

    type: str
    values: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    document: str = ""
    note: str = ""
    error: str = ""
    exit_code: int = 0
