"""One question at a time, with real keystrokes through prompt_toolkit's own pipe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from sotctl.errors import InterruptedByUser
from sotctl.prompts.questions import Move, ask_choice, ask_text

OPTIONS = [("a", "first"), ("b", "second"), ("c", "third")]


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


def anything(text: str) -> str | None:
    return None


def no_x(text: str) -> str | None:
    return "holds an x" if "x" in text else None


def test_text_is_returned_as_typed(keys: PipeInput) -> None:
    keys.send_text("gpt-5.5\r")
    assert ask_text("Model", "exact", anything) == "gpt-5.5"


def test_text_that_will_not_do_is_not_taken(keys: PipeInput) -> None:
    keys.send_text("xyz\r\x15fine\r")
    assert ask_text("Model", "exact", no_x, examples=["fine"]) == "fine"


def test_what_was_answered_before_is_offered(keys: PipeInput) -> None:
    keys.send_text("\r")
    assert ask_text("Model", "exact", anything, default="before") == "before"


@pytest.mark.parametrize("default", ["", "b", "gone"])
def test_a_choice_begins_at_what_was_chosen_before(keys: PipeInput, default: str) -> None:
    keys.send_text("\r")
    assert ask_choice("Which", "one of three", OPTIONS, default=default) == ("b" if default == "b" else "a")


def test_arrows_move_and_letters_do_nothing(keys: PipeInput) -> None:
    keys.send_text("zq\x1b[B\x1b[B\r")
    assert ask_choice("Which", "one of three", OPTIONS) == "c"


def test_shift_tab_goes_back_from_both(keys: PipeInput) -> None:
    keys.send_text("half typed\x1b[Z")
    assert ask_text("Model", "exact", anything) is Move.BACK
    keys.send_text("\x1b[Z")
    assert ask_choice("Which", "one of three", OPTIONS) is Move.BACK


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_ctrl_c_and_ctrl_d_leave_both(keys: PipeInput, key: str) -> None:
    keys.send_text(f"half{key}")
    with pytest.raises(InterruptedByUser):
        ask_text("Model", "exact", anything)
    keys.send_text(key)
    with pytest.raises(InterruptedByUser):
        ask_choice("Which", "one of three", OPTIONS)
