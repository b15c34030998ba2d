"""The journal of an apply: what is read is what was written."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sotctl.store.journal import Journal, clear_journal, read_journal, write_journal

# A path is what git gives: any bytes but NUL, those that are no UTF-8 as lone surrogates.
PATHS = st.binary(min_size=1, max_size=12).map(
    lambda name: name.replace(b"\0", b"/").decode("utf-8", "surrogateescape")
)
JOURNALS = st.builds(
    Journal,
    before=st.dictionaries(PATHS, st.none() | st.binary(max_size=40), max_size=4),
    after=st.dictionaries(PATHS, st.binary(max_size=40), max_size=4),
    made=st.lists(PATHS, max_size=3).map(tuple),
    commits=st.booleans(),
    subject=st.text(max_size=30),
).map(lambda journal: replace(journal, before={**dict.fromkeys(journal.after), **journal.before}))


@given(JOURNALS, JOURNALS)
def test_a_journal_is_read_as_it_was_written_and_then_gone(first: Journal, second: Journal) -> None:
    with tempfile.TemporaryDirectory() as folder:
        private = Path(folder)
        for journal in (first, second):
            write_journal(private, journal)
            assert read_journal(private) == journal
        clear_journal(private)
        assert read_journal(private) is None
        assert list(private.iterdir()) == []
