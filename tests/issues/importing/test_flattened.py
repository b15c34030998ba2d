"""What was flattened gets its lines back."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotctl.issues.importing.flattened import GOVERNED, is_flattened, unflatten

WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=9)
CODE = st.builds("`{}/{}.md`".format, WORDS, WORDS)
SENTENCES = st.builds(
    lambda first, rest: f"{first.capitalize()} {' '.join(rest)}.",
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9),
    st.lists(st.one_of(WORDS, CODE, st.just("and")), min_size=1, max_size=7),
)
TITLE_WORDS = st.sampled_from(["Admit", "Case", "Model", "For", "Real", "Stage", "2", "of", "and", "PRD", "(Draft)"])
TITLES = st.builds(
    lambda first, rest: " ".join([first, *rest]), st.sampled_from(["Admit", "Case"]), st.lists(TITLE_WORDS, max_size=5)
)
LIST_NAMES = st.sampled_from(["Acceptance:", "Blocked by:", "Evidence:", "What is left:"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A governed document in the form that sotctl writes: a title, issues, statuses, text, lists."""
    title = draw(TITLES)
    values = {"title": title, "status": "draft", **{name: draw(WORDS) for name in GOVERNED[2:]}}
    blocks = [f"# {title}", *draw(st.lists(SENTENCES, max_size=1))]
    for number in range(draw(st.integers(1, 4))):
        status = draw(st.sampled_from(["draft", "blocked", "in_progress"]))
        blocks += [f"## CTO-WORK-{number:03} - {draw(TITLES)}", f"Status: {status}."]
        blocks += draw(st.lists(SENTENCES, max_size=1))
        for name in draw(st.lists(LIST_NAMES, max_size=2, unique=True)):
            items = draw(st.lists(SENTENCES, min_size=1, max_size=4))
            blocks += [name, "\n".join(f"- {item}" for item in items)]
        blocks += draw(st.sampled_from([[], ["### Notes And Evidence - 2026-05-31", "Nothing here is a run."]]))
    header = "\n".join(f"{key}: {value}" for key, value in values.items())
    return f"---\n{header}\n---\n\n" + "\n\n".join(blocks) + "\n"


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_a_document_that_was_flattened_is_restored(document: str) -> None:
    flat = " ".join(document.split())
    assert is_flattened(flat) == (len(flat) > 200)
    assert unflatten(flat) == document


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_what_was_restored_stays_as_it_is(document: str) -> None:
    assert unflatten(document) == document
    assert not is_flattened(document)


PARTS = [
    "---",
    "title: A b",
    "status: x",
    "route:",
    "junk",
    "# A b",
    "##",
    "Acceptance: - One.",
    "- ",
    "two. - ",
    "x: - y",
]


@given(
    st.lists(st.one_of(st.sampled_from([*PARTS, "Status: draft.", "A-1 - T"]), st.text(max_size=4)), max_size=12).map(
        " ".join
    )
)
def test_any_text_keeps_its_words(text: str) -> None:
    """Lines are guessed, words never lost: what is not understood is left in place."""
    restored = unflatten(text)
    assert [word for word in restored.split() if word != "---"] == [word for word in text.split() if word != "---"]
