"""Acceptance bullets that a machine can decide, from the words they are written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sotctl import variables
from sotctl.admissions.admission import Admission, problems
from sotctl.admissions.derive import admissions, in_force
from sotctl.documents.evidence_record import pass_with
from sotctl.documents.issues import Bullet, Issue
from sotctl.documents.quote import shown
from sotctl.documents.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptanceState:
    """Whether a bullet is met, and the proof; `met` is None where only a person can decide."""

    bullet: Bullet
    met: bool | None
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    snapshot: Snapshot
    admission: Admission | None
    path: str
    environment: Mapping[str, str]


_Verdict = tuple[bool, str]
_Decider = Callable[[re.Match[str], _Facts], _Verdict]


def acceptance_states(issue: Issue, snapshot: Snapshot, environment: Mapping[str, str]) -> list[AcceptanceState]:
    """Decide every acceptance bullet of an issue that a machine can decide.

    Args:
        environment: The variables of the harness, for the bullets about the requested pair.
    """
    facts = _facts(issue, snapshot, environment)
    return [_state(bullet, facts) for bullet in issue.acceptance]


def offered_proofs(snapshot: Snapshot, issue: Issue) -> dict[int, str]:
    """What may prove a bullet, by its number: the record of a passed run, or the decision in force.

    The words of the bullet say which of the two it is about. It is an offer, which a person has to confirm.
    """
    records = [record for record in snapshot.records(issue.id) if record.is_approved]
    passed = pass_with(snapshot, issue.id, {admission.sha256 for admission in in_force(snapshot)})
    run = f"run {passed.text('run_id')}" if passed else ""
    decision = records[-1].id if records else ""
    found = {}
    for bullet in issue.acceptance:
        proof = (run if _OF_A_RUN.search(bullet.text) else "") or (
            decision if _OF_A_DECISION.search(bullet.text) else ""
        )
        if proof and not bullet.settled:
            found[bullet.number] = proof
    return found


def _facts(issue: Issue, snapshot: Snapshot, environment: Mapping[str, str]) -> _Facts:
    """The admission that the issue names by its path, else the one in force."""
    named = next((match[1] for bullet in issue.acceptance if (match := _PATH.fullmatch(bullet.text))), "")
    path = f"{snapshot.store}/{named.removeprefix('.sot/')}" if named else ""
    found = [one for one in admissions(snapshot) if one.path == path] if path else in_force(snapshot)
    admission = next(iter(found), None)
    return _Facts(snapshot=snapshot, admission=admission, path=path, environment=environment)


def _state(bullet: Bullet, facts: _Facts) -> AcceptanceState:
    if bullet.settled:
        return AcceptanceState(bullet=bullet, met=True, proof=f"{bullet.settled[0]}: {bullet.settled[1]}")
    for pattern, decide in _DECIDERS:
        if match := pattern.fullmatch(bullet.text):
            met, proof = decide(match, facts)
            return AcceptanceState(bullet=bullet, met=met, proof=proof)
    return AcceptanceState(bullet=bullet, met=None, proof="")


def _lies_there(match: re.Match[str], facts: _Facts) -> _Verdict:
    return (True, f"sha256 {facts.admission.sha256[:12]}") if facts.admission else (False, f"there is no {facts.path}")


def _has_value(match: re.Match[str], facts: _Facts) -> _Verdict:
    if facts.admission is None:
        return False, "there is no admission"
    key, line = match["key"], facts.admission.line_of(match["key"])
    value = facts.admission.values.get(key)
    if value is None:
        return False, f"{facts.admission.path} has no {key}"
    expected = match["value"]
    return expected is None or value == expected, f"line {line} of the admission"


def _holds_no_secret(match: re.Match[str], facts: _Facts) -> _Verdict:
    if facts.admission is None:
        return False, "there is no admission"
    snapshot = facts.snapshot
    rules = {
        finding.rule.id for finding in problems(facts.admission, snapshot.policy, snapshot.formats, now=snapshot.now)
    }
    broken = sorted(rules & {"secret", "field-unknown"})
    return not broken, ", ".join(broken) or "no unknown key, no finding of the detector"


def _pair_matches(match: re.Match[str], facts: _Facts) -> _Verdict:
    requested = tuple(facts.environment.get(name, "") for name in (variables.PROVIDER, variables.MODEL))
    if not all(requested):
        return False, f"{variables.PROVIDER} and {variables.MODEL} are not set"
    if facts.admission is None:
        return False, "there is no admission"
    return (
        requested == facts.admission.pair,
        f"requested {'/'.join(map(shown, requested))}, admitted {'/'.join(facts.admission.pair)}",
    )


def _is_blocked_or_proven(match: re.Match[str], facts: _Facts) -> _Verdict:
    found = facts.snapshot.find_issue(match["id"])
    if found is None:
        return False, f"there is no {match['id']}"
    status = found[1].status
    digests = {admission.sha256 for admission in in_force(facts.snapshot)}
    proven = pass_with(facts.snapshot, match["id"], digests) is not None
    return status == "blocked" or proven, f"{match['id']} is {status}" + (", with evidence of a pass" if proven else "")


_OF_A_RUN = re.compile(r"\b(?:runs?|report|trace|evidence|baseline|pass|stage 2|process|secret)\b", re.IGNORECASE)
_OF_A_DECISION = re.compile(r"\b(?:admission|admitted|approv\w*|decision|provider|model)\b", re.IGNORECASE)
_PATH = re.compile(r"Admission file path is `([^`]+)`\.")
_PAIR = re.compile(
    rf"(?:Requires )?`{variables.PROVIDER}` and `{variables.MODEL}` (?:to )?match the admission record\."
)
_DECIDERS: tuple[tuple[re.Pattern[str], _Decider], ...] = (
    (_PATH, _lies_there),
    (re.compile(r"Admission JSON has `(?P<key>\w+)`(?:: `(?P<value>[^`]*)`)?\."), _has_value),
    (re.compile(r"Admission JSON contains no secret keys or secret values\."), _holds_no_secret),
    (_PAIR, _pair_matches),
    (re.compile(r"`(?P<id>[A-Z0-9-]+)` remains blocked until .*"), _is_blocked_or_proven),
)
