"""What `decide` and `resume` share: from answers to a commit, with or without a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sotctl.admissions.approval import bound_formats
from sotctl.app import output
from sotctl.app.app import App
from sotctl.app.decided import Decision, decided_text, name_host, outcome_of
from sotctl.app.signatures import key_at_hand
from sotctl.decisions.answers import answer_problems, as_answers, questions
from sotctl.decisions.planning import active_record, plan_decision, require_issue, require_template
from sotctl.documents import rules
from sotctl.documents.dates import first_date
from sotctl.documents.evidence_record import evidence_records
from sotctl.documents.formats import Format, Reason
from sotctl.documents.planned import Planned
from sotctl.documents.quote import counted
from sotctl.documents.schema import Problem
from sotctl.documents.snapshot import Snapshot
from sotctl.errors import BlockedError, Command, InterruptedByUser, SotError, UsageError
from sotctl.export.derive import with_exports
from sotctl.gate.signing import sign, signature_path
from sotctl.issues.moves import open_blockers
from sotctl.issues.written import written
from sotctl.plan import Plan
from sotctl.report.issue import issue_text
from sotctl.report.terminal import wrapped
from sotctl.result import Result
from sotctl.secrets.reasons import SECRET
from sotctl.store.apply import refuse_state
from sotctl.store.drafts import Draft, drafts, drop_draft, read_draft, save_draft
from sotctl.store.store import utc_now

if TYPE_CHECKING:
    from sotctl.prompts.form import Form
    from sotctl.prompts.review import Decided, Preview

_DATED = ("approval-source", "review-trigger")
"""The formats that hold a date against the time."""

_REVIEW_DAYS = (90, 180, 365)
"""After how many days a review is offered."""


class Session:
    """One decision on one issue of a store."""

    def __init__(self, app: App, issue_id: str) -> None:
        self.app, self.issue_id = app, issue_id
        self.store = app.store
        self.formats = {**self.snapshot.formats, **{name: self._at_that_instant(name) for name in _DATED}}
        self.document, self.issue = require_issue(self.snapshot, issue_id)
        self.kind, self.schema = require_template(self.snapshot, issue_id)

    @property
    def snapshot(self) -> Snapshot:
        """The documents as of the time of the call, or of the approval."""
        return self.app.snapshot

    def _at_that_instant(self, name: str) -> Format:
        """A format that compares dates with the time of asking, since a form may stay open overnight."""

        def check(text: str) -> Reason | None:
            now = utc_now()
            return as_answers(bound_formats(self.snapshot.policy, now=now), now=now)[name](text)

        return check

    def decide(self, answers: Mapping[str, Any], *, confirmed: bool) -> Result:
        """Decide from the given answers, without asking.

        Raises:
            UsageError: Fields are missing or wrong, all named at once; or nothing confirms the decision.
        """
        if problems := answer_problems(self.schema, answers, self.formats):
            lines = "\n".join(f"  {problem.message}" for problem in problems)
            message = f"the answers do not make a decision on {self.issue_id}\n{lines}"
            details = {"problems": [{"field": str(found.path[0]), "message": found.message} for found in problems]}
            raise UsageError(message, hint=self._script_hint(problems), details=details)
        if not confirmed and not self.app.dry_run:
            raise UsageError("there is no terminal to approve at", hint=self.app.again("--yes"))
        self.app.renew()
        try:
            return self.write(self.plan(answers))
        except BlockedError as error:
            _, option, value = str(error.hint).partition(" --set ")
            error.hint = self.app.again("--set", value) if option else error.hint
            raise

    def ask(self, given: Mapping[str, Any]) -> Result:
        """Decide at the terminal, beginning with what was given or kept before."""
        from sotctl.prompts.form import Form

        if not (self.app.no_commit or self.app.dry_run):
            refuse_state(self.store)
        record = active_record(self.snapshot, self.issue_id)
        open_ = frozenset(bullet.number for bullet, _ in open_blockers(self.snapshot, self.issue))
        body = written(self.document.document, self.issue)
        output.text("\n" + issue_text(self.issue, body, record, (), open_, governed=False) + "\n")
        kept = read_draft(self.store, self.issue_id)
        form = Form(
            self.schema,
            self.formats,
            self._starting_answers(kept, given),
            offered=self._offered(kept),
            examples=self._examples(),
        )
        if given or kept.answers:
            self._save(form)
        try:
            return self._carry_out(self._reviewed(form), form)
        except InterruptedByUser as interrupted:
            if self.issue_id in drafts(self.store):
                interrupted.message = "interrupted; your answers are kept"
                interrupted.hint = Command(f"sotctl resume {self.issue_id}")
            raise

    def _reviewed(self, form: Form) -> Decided:
        from sotctl.prompts.review import review

        try:
            return review(form, self._preview, self._save)
        except KeyboardInterrupt:  # between two questions
            raise InterruptedByUser("interrupted; nothing was written") from None

    def _save(self, form: Form) -> None:
        save_draft(self.store, self.issue_id, Draft(answers=form.answers, offered=form.previous))

    def _carry_out(self, decided: Decided, form: Form) -> Result:
        from sotctl.prompts.review import Decided

        if decided is Decided.DISCARDED:
            drop_draft(self.store, self.issue_id)
            return Result(type="sotctl.decide/v1", text="discarded; nothing was written")
        if decided is not Decided.LEFT:
            self.app.renew()  # an admission's timestamp is the instant at which its pair was typed
        self._save(form)
        if decided is Decided.LEFT:
            return Result(type="sotctl.decide/v1", text="saved; go on with: sotctl resume")
        try:
            result = self.write(self._perhaps_signed(self.plan(form.answers)))
        except SotError as error:
            error.hint = error.hint or "your answers are kept: sotctl resume"
            raise
        drop_draft(self.store, self.issue_id)
        return result

    def plan(self, answers: Mapping[str, Any]) -> Plan:
        """The plan of a complete set of answers."""
        return with_exports(self.snapshot, plan_decision(self.snapshot, self.issue_id, answers, now=self.snapshot.now))

    def write(self, plan: Plan) -> Result:
        """Make the plan, and say what was done, what is still in the way, and what comes next."""
        work = self._planned(plan)
        return self.app.carry_out(
            work,
            "sotctl.decide/v1",
            work.outcome.values(self.issue),
            lambda commit: decided_text(work, commit),
        )

    def _planned(self, plan: Plan) -> Planned[Decision]:
        return self.app.planned(
            plan, lambda after: outcome_of(plan, self.snapshot, after, self.issue_id, top=self.store.top)
        )

    def _perhaps_signed(self, plan: Plan) -> Plan:
        """The plan with a signature of its admission, where a key is configured and the user wants it."""
        from sotctl.prompts.confirm import agrees

        key = key_at_hand(self.store)
        admitted = [path for path, data in plan.files.items() if path.endswith(".json") and b'"admitted"' in data]
        if key is None or not admitted or not agrees(f"Sign the admission with {Path(key).name}?"):
            return plan
        path = signature_path(admitted[0])
        files = {**plan.files, path: sign(plan.files[admitted[0]], key)}
        return replace(plan, files=files, before={**plan.before, path: self.snapshot.tree.read(path)})

    def _starting_answers(self, kept: Draft, given: Mapping[str, Any]) -> dict[str, Any]:
        """The kept and the given answers, which are both named, with the decision that this one will supersede."""
        from sotctl.prompts.review import rows

        asked = {question.name: question.title for question in questions(self.schema, kept.answers)}
        known = [(title, kept.answers[name]) for name, title in asked.items() if name in kept.answers]
        if known:
            output.text("\n".join([*wrapped(f"Going on with {counted(len(known), 'answer')} kept from before:"), ""]))
            output.text("\n".join(row for title, value in known for row in rows(title, value)) + "\n\n")
        answers = {**kept.answers, **given}
        record = active_record(self.snapshot, self.issue_id)
        if record and answers.setdefault("supersedes", record.id) == record.id:
            approved = "/".join(record.named) or "nothing approved"
            output.text("\n".join(wrapped(f"This decision will supersede {record.id} ({approved}).")) + "\n\n")
        return answers

    def _offered(self, kept: Draft) -> dict[str, Any]:
        """The answers to offer for open questions: those taken back, else those of the record in force.

        Its approval is not offered, since an approval has to be given anew, nor is a review-by date that is near or
        has passed.
        """
        record = active_record(self.snapshot, self.issue_id)
        if record is None or kept.answers or kept.offered:
            return dict(kept.offered)
        asked = [question.name for question in questions(self.schema, record.values) if question.applies]
        offered = {name: record.values[name] for name in asked if record.values.get(name)}
        offered.pop("approval_source", None)
        review_by = first_date(str(offered.get("review_trigger", "")))
        if review_by and review_by <= self.app.now.date() + timedelta(days=self.snapshot.policy.warn_days):
            offered.pop("review_trigger", None)
        return offered

    def _examples(self) -> dict[str, list[str]]:
        """Values worth offering that the store knows, by field."""
        policy, today = self.snapshot.policy, f"{self.app.now:%Y-%m-%d}"
        approvals = [f"{name} {how} approval on {today}" for how in policy.channels for name in policy.approvers]
        return {
            "approval_source": approvals,
            "credential_source_class": list(policy.credentials),
            "allowed_network_class": list(policy.networks),
            "review_trigger": [f"review by {self.app.now + timedelta(days=days):%Y-%m-%d}" for days in _REVIEW_DAYS],
            "evidence_sources": self._known_evidence(),
        }

    def _known_evidence(self) -> list[str]:
        """What the repository holds on the issue: its text at HEAD, the last run recorded, the decision in force."""
        issue, record = self.issue_id, active_record(self.snapshot, self.issue_id)
        runs = [found.text("run_id") for found in evidence_records(self.snapshot) if found.text("issue") == issue]
        at_head = [f"{issue} at commit {self.app.head[:9]}"] if self.app.head else []
        return [*at_head, *(f"run {name}" for name in sorted(runs)[-1:]), *([record.id] if record else [])]

    def _preview(self, answers: dict[str, Any]) -> Preview:
        from sotctl.prompts.review import Preview

        plan = self.plan(answers)
        work = self._planned(plan)
        record, path = work.outcome.record, work.outcome.admission
        return Preview(
            diff=plan.diff(),
            admission=plan.files[path].decode() if path else "",
            is_whole=bool(path) and plan.before.get(path or "") is None,
            findings=self.app.check(work),
            consequence=work.outcome.consequence,
            approval="/".join(record.named) or record.document.text("decision_status"),
            approves=bool(record.named),
            missing="the network class names no host, so no run will start." if name_host(work.after, record) else "",
        )

    def _script_hint(self, problems: list[Problem]) -> str:
        if any(problem.rule is SECRET for problem in problems):
            return "give the class of a credential, never its value; revoke what was exposed"
        names = [
            problem.path[0] for problem in problems if problem.rule is not rules.FIELD_UNKNOWN or len(problem.path) > 1
        ]
        if not names:
            return f"sotctl schema {self.kind} lists the fields"
        fields = " ".join(f"--set {name}=…" for name in names[:2])
        return f"sotctl decide {self.issue_id} --answers FILE, or {fields}"
