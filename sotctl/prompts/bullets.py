"""Checklists of an issue's bullets: which blockers are cleared, which acceptance is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sotctl.documents.issues import Bullet
from sotctl.errors import InterruptedByUser
from sotctl.issues.acceptance import AcceptanceState
from sotctl.prompts.alone import ask_line
from sotctl.prompts.questions import Check, Move, ask_checks
from sotctl.report.terminal import cut

_KEYS = "Space marks · a all · Enter takes what is marked · Ctrl-C leaves, nothing is written"
_EMPTY = "say it in a few words"


def ask_blockers(issue_id: str, bullets: Sequence[Bullet]) -> list[int]:
    """Ask which of the open blockers are cleared.

    Raises:
        InterruptedByUser: The user left, or marked none.
    """
    checks = [Check(value=bullet.number, text=f"{bullet.number}  {bullet.text}") for bullet in bullets]
    return _marked(f"Which blockers of {issue_id} are gone?", "One commit clears them all.", checks)


def ask_because(known: Sequence[str]) -> str:
    """Ask why blockers are cleared; *known* reasons are offered."""
    return ask_line("Why?", "It stands at the end of each bullet.", _EMPTY, examples=known)


def ask_accepted(
    issue_id: str, states: Sequence[AcceptanceState], offered: Mapping[int, str], evidence: str
) -> dict[int, str]:
    """Ask which acceptance bullets are met, and for the evidence of those for which none was offered.

    Args:
        offered: What may prove a bullet, by its number.
        evidence: What proves all that are marked, "" to use what is offered.
    Raises:
        InterruptedByUser: The user left, or marked none.
    """
    checks = [_check(state, offered.get(state.bullet.number, "")) for state in states]
    described = (
        "Marking a bullet says that you have looked at its proof." if offered else "One commit records them all."
    )
    marked = _marked(f"Which acceptance of {issue_id} is met?", described, checks)
    texts = {number: evidence or offered.get(number, "") for number in marked}
    if open_ := [number for number, text in texts.items() if not text]:
        title = f"Evidence for {', '.join(map(str, open_))}"
        bullets = cut("; ".join(" ".join(check.text.split()) for check in checks if check.value in open_), 240)
        description = f"A reference, such as a run or a commit. It stands at the end of: {bullets}"
        answer = ask_line(title, description, _EMPTY, examples=list(dict.fromkeys(offered.values())))
        texts |= dict.fromkeys(open_, answer)
    return texts


def _check(state: AcceptanceState, offered: str) -> Check:
    bullet = state.bullet
    text = f"{bullet.number}  {bullet.text}"
    if state.met:
        return Check(value=bullet.number, text=text, note=state.proof, is_done=True)
    notes = [state.proof, f"proof: {offered}" if offered else ""]
    return Check(value=bullet.number, text=text, note="; ".join(filter(None, notes)))


def _marked(title: str, description: str, checks: Sequence[Check]) -> list[int]:
    marked = ask_checks(title, description, checks, keys=_KEYS)
    if isinstance(marked, Move) or not marked:
        raise InterruptedByUser("nothing was marked, and nothing was written")
    return marked
