"""The gate's verdict on the bytes of an admission: a pure function of what was read.

The statuses are tested in their order. Each has finer reason codes: the rule of a finding, or a word explained in
`sotctl.gate.reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sotctl import variables
from sotctl.admissions.admission import Admission, parse_admission, problems
from sotctl.admissions.approval import bound_formats
from sotctl.digests import sha256
from sotctl.documents import layout
from sotctl.documents.dates import has_passed
from sotctl.documents.policy import Policy
from sotctl.documents.quote import quote, shown
from sotctl.findings import Finding, RejectedError, refuses
from sotctl.secrets.reasons import SECRET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sotctl.admissions.signature import Signature


class Status(StrEnum):
    """The statuses of the gate, in the order in which they are tested."""

    MISSING = "missing_admission"
    INVALID = "invalid_admission"
    NOT_ADMITTED = "not_admitted"
    MISMATCH = "mismatch"
    ADMITTED = "admitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An admission file as it was read, once.

    `data` is None where nothing could be read; `reason` and `message` then say why, or why the file may not be used
    although it could be read. `committed` is whether the branch `ref` holds the same bytes, `revoked_on` a later branch
    that holds others, `stale` why the clone may not know of a revocation. `place` is the real path from the outermost
    store on. `findings` are those of a `configuration` that is not valid.
    """

    path: str
    data: bytes | None = None
    reason: str = ""
    message: str = ""
    in_work_tree: bool = False
    committed: bool = False
    ref: str = ""
    revoked_on: str = ""
    stale: str = ""
    configuration: Policy | None = None
    findings: tuple[Finding, ...] = ()
    place: str = ""

    def policy(self) -> Policy:
        """The policy that holds for the admission; the defaults where no repository says anything.

        Raises:
            RejectedError: The committed configuration is not valid.
        """
        if self.findings:
            raise RejectedError(self.findings)
        return self.configuration or Policy()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The gate's decision and its file; `admission` is None unless it is valid."""

    status: Status
    reason: str
    message: str
    next: str
    provider: str
    model: str
    submission: Submission
    admission: Admission | None = None
    findings: tuple[Finding, ...] = ()
    signature: Signature | None = None

    @property
    def sha256(self) -> str | None:
        """The digest of the bytes that were decided on."""
        data = self.submission.data
        return None if data is None else sha256(data)

    def to_json(self) -> dict[str, object]:
        """The document that the gate prints; `docs/reference/gate.md` describes it."""
        found = self.admission
        return {
            "type": "sotctl.gate/v1",
            "case_model_admission_status": str(self.status),
            "reason": self.reason,
            "message": self.message,
            "next": self.next,
            "case_model_provider": found.text("provider") if found else None,
            "case_model": found.text("model") if found else None,
            "served_models": list(found.served_models) if found else [],
            "requested": {"provider": shown(self.provider), "model": shown(self.model)},
            "admission_file": shown(self.submission.path) or None,
            "admission_sha256": self.sha256,
            "approval_source": found.text("approval_source") if found else None,
            "review_trigger": found.text("review_trigger") if found else None,
            "committed": self.submission.committed,
            "ref": shown(self.submission.ref) or None,
            "signature": self.signature.to_json() if self.signature else {"state": "unsigned"},
            "findings": [finding.to_json() for finding in self.findings],
        }


def block_head(status: str, reason: str) -> str:
    """The lines with which the text of a block begins."""
    return f"status: {status}\nreason: {reason}\n"


def block_text(status: str, reason: str, message: str, *, provider: str, model: str) -> str:
    """What is written into a run directory when a run is blocked; the requested pair is quoted, never a secret."""
    requested = f"requested_provider: {quote(provider)}\nrequested_model: {quote(model)}\n"
    return f"{block_head(status, reason)}{requested}{message}\n"


def unsigned(admission: Admission, policy: Policy) -> Signature | None:
    """No signature at all."""
    return None


def decide(
    submission: Submission,
    *,
    provider: str,
    model: str,
    now: datetime,
    require_committed: bool = False,
    verify: Callable[[Admission, Policy], Signature | None] = unsigned,
) -> Verdict:
    """Decide on *submission* for the requested pair.

    Args:
        require_committed: Refuse a file that lies outside every work tree.
        verify: Verifies the signature beside the file; None where there is none.
    """
    findings: tuple[Finding, ...] = ()
    admission: Admission | None = None
    signature: Signature | None = None
    if submission.data is None or submission.reason:
        outcome = _unreadable(submission)
    else:
        try:
            policy = submission.policy()
            admission, findings = _read(submission.path, submission.data, policy, now)
        except RejectedError as error:
            findings = tuple(error.findings)
            outcome = _invalid(findings)
        else:
            signature = verify(admission, policy)
            outcome = (
                (_invalid(findings) if refuses(findings) else None)
                or _unsigned(policy, signature)
                or _uncommitted(submission, require_committed)
                or _misplaced(submission, admission)
                or _not_admitted(submission, admission, provider, model, now)
                or _mismatch(admission, provider, model)
                or (Status.ADMITTED, "admitted", f"{quote(f'{provider}/{model}')} is admitted")
            )
    status, reason, message = outcome
    return Verdict(
        status=status,
        reason=reason,
        message=message,
        next=_next(status, reason, admission, submission.ref),
        provider=provider,
        model=model,
        submission=submission,
        admission=admission if status not in (Status.MISSING, Status.INVALID) else None,
        findings=findings,
        signature=signature,
    )


Outcome = tuple[Status, str, str]


def _unreadable(submission: Submission) -> Outcome:
    missing = submission.reason in ("no-admission-file", "admission-file-absent")
    return (Status.MISSING if missing else Status.INVALID, submission.reason or "unreadable", submission.message)


def _read(path: str, data: bytes, policy: Policy, now: datetime) -> tuple[Admission, tuple[Finding, ...]]:
    """The admission and what is wrong with it, a secret first: it must be dealt with before anything else."""
    admission = parse_admission(path, data)
    found = problems(admission, policy, bound_formats(policy, now=now), now=now)
    return admission, tuple(sorted(found, key=lambda finding: finding.rule is not SECRET))


def _invalid(findings: tuple[Finding, ...]) -> Outcome:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return Status.INVALID, first.rule.id, f"line {first.line}: {first.message}{more}"


def _unsigned(policy: Policy, signature: Signature | None) -> Outcome | None:
    if not policy.require_signature:
        return None
    if signature is None:
        return Status.INVALID, "signature-missing", "the admission carries no signature, and sot.toml requires one"
    return None if signature.is_good else (Status.INVALID, signature.reason, signature.message)


def _misplaced(submission: Submission, admission: Admission) -> Outcome | None:
    """A committed admission is compared with its decision record only if it lies at the path of its pair."""
    if not submission.committed:
        return None
    expected = f"{layout.STORE}/{layout.PROTOCOLS}/{layout.admission_name(*admission.pair)}"
    if submission.place == expected:
        return None
    return Status.INVALID, "admission-misplaced", f"the admission of this pair lies at {expected}"


def _uncommitted(submission: Submission, require_committed: bool) -> Outcome | None:
    if submission.committed:
        return None
    if submission.in_work_tree:
        where = f"at the tip of {quote(submission.ref)}" if submission.ref else "at HEAD"
        return Status.INVALID, "admission-not-committed", f"the bytes are not those of the file committed {where}"
    if require_committed:
        message = f"the file lies outside every work tree, and {variables.REQUIRE_COMMITTED} is set"
        return Status.INVALID, "admission-not-committed", message
    return None


def _not_admitted(
    submission: Submission, admission: Admission, provider: str, model: str, now: datetime
) -> Outcome | None:
    if not admission.is_in_force:
        return Status.NOT_ADMITTED, "revoked", "the admission was revoked"
    if later := submission.revoked_on:
        message = f"the admission is no longer in force on {quote(later)}, which contains this commit"
        return Status.NOT_ADMITTED, "revoked", message
    if admission.review_by and has_passed(admission.review_by, now):
        return Status.NOT_ADMITTED, "review-date-passed", f"the review-by date {admission.review_by} has passed"
    if not provider.strip():
        return Status.NOT_ADMITTED, "no-provider-requested", "no provider was requested"
    if not model.strip():
        return Status.NOT_ADMITTED, "no-model-requested", "no model was requested"
    if submission.stale:
        message = f"the clone is stale: {submission.stale}, so a later revocation would be unknown"
        return Status.NOT_ADMITTED, "clone-stale", message
    return None


def _mismatch(admission: Admission, provider: str, model: str) -> Outcome | None:
    """Why the requested pair is not the admitted one, compared as exact bytes; None if it is."""
    if (provider, model) == admission.pair:
        return None
    if (provider, model) in admission.fallback:
        reason, why = "fallback-requested", "it is kept as a fallback, which never passes by itself"
    elif (model, provider) == admission.pair:
        reason, why = "pair-swapped", "provider and model have changed places"
    elif provider != admission.pair[0]:
        reason, why = "other-provider", _difference(provider, admission.pair[0])
    else:
        reason, why = "other-model", _difference(model, admission.pair[1])
    admitted, requested = quote("/".join(admission.pair)), quote(f"{provider}/{model}")
    return Status.MISMATCH, reason, f"{requested} was requested and {admitted} is admitted: {why}"


def _difference(requested: str, admitted: str) -> str:
    """How two names that may look alike differ."""
    if requested.strip() == admitted:
        return "there is space around it"
    if requested.lower() == admitted.lower():
        return "upper and lower case differ"
    if bad := next((c for c in requested if not "!" <= c <= "~"), None):
        return "it holds a space" if bad == " " else f"it holds U+{ord(bad):04X}"
    return "the names differ"


def _next(status: Status, reason: str, admission: Admission | None, ref: str) -> str:
    decide = f"sotctl decide {admission.issue if admission and admission.issue else 'ISSUE'}"
    if status is Status.MISMATCH and admission is not None:
        provider, model = admission.pair
        return f"{variables.PROVIDER}={provider} {variables.MODEL}={model}, or {decide}"
    request = f"set {variables.PROVIDER} and {variables.MODEL}"
    steps = {
        "admitted": "start the process with exactly this pair",
        "no-admission-file": f"set {variables.FILE} to the admission JSON (sotctl admission list)",
        "admission-file-absent": "sotctl admission list",
        "admission-not-committed": "commit the admission as sotctl wrote it (git status)",
        "head-unguarded": f"git switch BRANCH, or name the branch you trust: {variables.REF}=refs/remotes/origin/main",
        "no-provider-requested": request,
        "no-model-requested": request,
        "clone-stale": "git fetch" if ref.startswith("refs/remotes/") else "git pull",
        "revoked": decide,
        "review-date-passed": decide,
    }
    return steps.get(reason, f"sotctl explain {reason}")
