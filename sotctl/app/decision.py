"""What `decide` and `resume` share: from answers to a commit, with or without a person."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sotctl.admissions.approval import bound_formats
from sotctl.admissions.derive import admission_path
from sotctl.admissions.signature import SUFFIX
from sotctl.app.app import App
from sotctl.app.next_run import exports, gate_environment, run_command
from sotctl.decisions.answers import answer_problems, as_answers, questions, read_values
from sotctl.decisions.consequence import consequence
from sotctl.decisions.planning import active_record, plan_decision, require_issue, require_template
from sotctl.documents import rules
from sotctl.documents.formats import Format, Reason
from sotctl.documents.issues import Issue
from sotctl.documents.planned import Planned
from sotctl.documents.quote import counted
from sotctl.documents.record import DecisionRecord
from sotctl.documents.schema import Problem, Schema
from sotctl.documents.snapshot import Snapshot
from sotctl.documents.strict_json import StrictJsonError, parse_object
from sotctl.documents.strict_yaml import StrictYamlError, parse_mapping, plain
from sotctl.errors import Command, InterruptedByUser, SotError, UsageError
from sotctl.export.derive import with_exports
from sotctl.issues.moves import obstacles_to_leave, open_blockers
from sotctl.issues.written import written
from sotctl.plan import Plan
from sotctl.report.formats.text import wrapped
from sotctl.report.issue import issue_text, stays
from sotctl.result import Result
from sotctl.secrets.reasons import SECRET
from sotctl.store.drafts import Draft, drafts, drop_draft, read_draft, save_draft
from sotctl.store.store import utc_now

if TYPE_CHECKING:
    from sotctl.prompts.form import Form
    from sotctl.prompts.review import Decided, Preview

MAX_ANSWER_BYTES = 1024 * 1024
_DATED = ("approval-source", "review-trigger")
"""The formats that hold a date against the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a decision leads to: the record in force, the issue after it, and how a run of the pair is started."""

    record: DecisionRecord
    issue: Issue
    admission: str | None
    environment: Mapping[str, str]
    commands: list[str]


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
        """The documents, held against the time of the call, or that of the approval."""
        return self.app.snapshot

    def _at_that_instant(self, name: str) -> Format:
        """A format that holds dates against the time at which it is asked: a form may stay open overnight."""

        def check(text: str) -> Reason | None:
            now = utc_now()
            return as_answers(bound_formats(self.snapshot.policy, now=now), now=now)[name](text)

        return check

    def decide(self, answers: Mapping[str, Any], *, confirmed: bool) -> Result:
        """Decide by what was given.

        Raises:
            UsageError: Fields are missing or wrong, all named at once; or nothing confirms the decision.
        """
        if problems := answer_problems(self.schema, answers, self.formats):
            lines = "\n".join(f"  {problem.message}" for problem in problems)
            message = f"the answers do not make a decision on {self.issue_id}\n{lines}"
            details = {"problems": [{"field": str(found.path[0]), "message": found.message} for found in problems]}
            raise UsageError(message, hint=self._script_hint(problems), details=details)
        if not confirmed and not self.app.dry_run:
            raise UsageError("there is no terminal to approve at", hint="--yes stands for the typed approval")
        self.app.renew()
        return self.write(self.plan(answers))

    def ask(self, given: Mapping[str, Any]) -> Result:
        """Decide at the terminal, beginning with what was given or kept before."""
        from sotctl.prompts.form import Form

        record = active_record(self.snapshot, self.issue_id)
        open_ = frozenset(bullet.number for bullet, _ in open_blockers(self.snapshot, self.issue))
        body = written(self.document.document, self.issue)
        click.echo("\n" + issue_text(self.issue, body, record, (), open_, governed=False))
        kept = read_draft(self.store, self.issue_id)
        form = Form(
            self.schema,
            self.formats,
            self._starting_answers(kept, given),
            offered=kept.offered,
            examples={"allowed_network_class": list(self.snapshot.policy.networks)},
        )
        if given or kept.answers:
            self._save(form)
        try:
            return self._carry_out(self._reviewed(form), form)
        except InterruptedByUser as interrupted:
            if self.issue_id in drafts(self.store):
                interrupted.message = "interrupted; your answers are kept"
                interrupted.hint = f"sotctl resume {self.issue_id}"
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
            self.app.renew()  # an admission is dated by the instant at which its pair was typed
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
        done = work.outcome
        record, issue = done.record, done.issue
        values = {
            "issue": self.issue_id,
            "issue_status": self.issue.status,
            "record_id": record.id,
            "record": record.path,
            "decision_status": record.document.text("decision_status"),
            **dict(zip(record.names, (record.document.text(name) for name in record.names), strict=True)),
            "admission": done.admission,
            "blocked_by": [bullet.text for bullet in issue.blocked_by if not bullet.settled],
            "effect": record.document.text("effect"),
            "environment": done.environment,
            "next": done.commands[0],
        }
        return self.app.carry_out(work, "sotctl.decide/v1", values, lambda commit: self._text(work, commit))

    def _planned(self, plan: Plan) -> Planned[Decision]:
        return self.app.planned(plan, lambda after: self._outcome(plan, after))

    def _outcome(self, plan: Plan, after: Snapshot) -> Decision:
        record = active_record(after, self.issue_id)
        assert record is not None, "a decision plans a record that is in force"
        path = admission_path(after, record)
        return Decision(
            record=record,
            issue=require_issue(after, self.issue_id)[1],
            admission=path,
            environment=gate_environment(str(self.store.top / path), *record.named) if path else {},
            commands=self._next(plan, record, path),
        )

    def _next(self, plan: Plan, record: DecisionRecord, admission: str | None) -> list[str]:
        """The commands that come after a decision: where it admits something, those of the run that gives evidence."""
        if not admission:
            return [f"sotctl issue show {self.issue_id}"]
        unsigned = self.snapshot.policy.require_signature and f"{admission}{SUFFIX}" not in plan.files
        sign = [f"sotctl admission sign {'/'.join(record.named)}"] if unsigned else []
        return [*sign, "sotctl gate", run_command()]

    def _text(self, work: Planned[Decision], commit: str | None) -> str:
        done = work.outcome
        record = done.record
        lines = ["", f"decided  {'/'.join(record.named) or record.document.text('decision_status')}"]
        lines += [f"record   {record.path}", *([f"admits   {done.admission}"] if done.admission else [])]
        lines.append(f"commit   {commit[:9]}" if commit else "commit   none: the files are written and not committed")
        return "\n".join([*lines, *self._in_the_way(work), *self._next_lines(done)])

    def _in_the_way(self, work: Planned[Decision]) -> list[str]:
        """What the issue still waits for; an approval is a reason for its blockers to be gone."""
        record, issue = work.outcome.record, work.outcome.issue
        found = obstacles_to_leave(work.after, issue)
        if not found:
            return []
        reason = f"--because {record.id}" if record.named else "--because TEXT"
        return [stays(issue, [replace(entry, fix=entry.fix.replace("--because TEXT", reason)) for entry in found])]

    def _next_lines(self, done: Decision) -> list[str]:
        commands = [*exports(done.environment), *done.commands]
        if len(commands) == 1:
            return ["", f"next     {commands[0]}"]
        lines = []
        if missing := self._missing(done.record):
            lines += ["", *wrapped(f"First: {missing[0]}", ""), *missing[1:]]
        lines += ["", "next", *(f"    {line}" for line in commands)]
        return lines

    def _perhaps_signed(self, plan: Plan) -> Plan:
        """The plan with a signature of its admission, where a key is configured and the user wants it."""
        from sotctl.app.signing_key import key_at_hand
        from sotctl.gate.signing import sign, signature_path
        from sotctl.prompts.confirm import agrees

        key = key_at_hand(self.store)
        admitted = [path for path, data in plan.files.items() if path.endswith(".json") and b'"admitted"' in data]
        if key is None or not admitted or not agrees(f"Sign the admission with {Path(key).name}?"):
            return plan
        path = signature_path(admitted[0])
        files = {**plan.files, path: sign(plan.files[admitted[0]], key)}
        return replace(plan, files=files, before={**plan.before, path: self.snapshot.tree.read(path)})

    def _starting_answers(self, kept: Draft, given: Mapping[str, Any]) -> dict[str, Any]:
        """What was kept and what is given now; both are said, and so is the decision that this one will supersede."""
        from sotctl.prompts.review import rows

        asked = {question.name: question.title for question in questions(self.schema, kept.answers)}
        known = [(title, kept.answers[name]) for name, title in asked.items() if name in kept.answers]
        if known:
            click.echo("\n".join(wrapped(f"Going on with {counted(len(known), 'answer')} kept from before:", "")))
            click.echo("\n".join(row for title, value in known for row in rows(title, value)) + "\n")
        answers = {**kept.answers, **given}
        record = active_record(self.snapshot, self.issue_id)
        if record and answers.setdefault("supersedes", record.id) == record.id:
            approved = "/".join(record.named) or "nothing approved"
            click.echo("\n".join(wrapped(f"This decision will supersede {record.id} ({approved}).", "")) + "\n")
        return answers

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
            consequence=consequence(self.snapshot, work.after, self.issue_id),
            approval="/".join(record.named) or record.document.text("decision_status"),
            approves=bool(record.named),
            missing=self._missing(record),
        )

    def _missing(self, record: DecisionRecord) -> list[str]:
        """What a run will need besides, and how to write it: the hosts of the network class."""
        name = record.document.text("allowed_network_class")
        if not name or self.snapshot.policy.networks.get(name) or not self.schema.annotation("x-derives"):
            return []
        host = "api.anthropic.com" if record.document.text("provider") == "anthropic" else "HOST"
        key = name if "." not in name else f'"{name}"'
        return [
            f"no host is named for the network class {name}, so no run will start. "
            f"Name them in {self.snapshot.store}/sot.toml, and commit it:",
            "    [networks]",
            f'    {key} = ["{host}"]',
        ]

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


def given_answers(schema: Schema, file: str | None, pairs: tuple[str, ...]) -> dict[str, Any]:
    """The answers of `--answers` and `--set`; a repeated `--set` of a list adds to it.

    Raises:
        UsageError: The file is no mapping, or a pair has no `=`.
    """
    answers: dict[str, Any] = _read(file) if file else {}
    lists: dict[str, list[str]] = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise UsageError("--set takes FIELD=VALUE", hint="--set decision_status=not_decided")
        if schema.root.get("properties", {}).get(name, {}).get("type") == "array":
            lists.setdefault(name, []).extend([value] if value else [])
            answers[name] = lists[name]
        else:
            answers[name] = value
    return read_values(schema, answers)


@functools.cache
def _standard_input() -> bytes:
    """What standard input holds, read once: a plan may be made again."""
    return sys.stdin.buffer.read(MAX_ANSWER_BYTES + 1)


def _read(file: str) -> dict[str, Any]:
    name = "(standard input)" if file == "-" else file
    try:
        data = _standard_input() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from None
    if len(data) > MAX_ANSWER_BYTES:
        raise UsageError(f"{name} is larger than {MAX_ANSWER_BYTES // 1024} KiB")
    try:
        if data.lstrip().startswith(b"{"):
            return {key: member.value for key, member in parse_object(data).items()}
    except StrictJsonError as error:
        if error.rule is not rules.JSON_INVALID:  # it may be YAML still
            message = f"{name}, line {error.line} of the answers: {error.message} ({error.rule.id})"
            raise UsageError(message, hint=Command(f"sotctl explain {error.rule.id}")) from None
    try:
        return plain(parse_mapping(data.decode("utf-8")))
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8") from None
    except StrictYamlError as error:
        if error.rule is rules.FRONTMATTER_NOT_MAPPING:  # a rule of documents; answers have no frontmatter
            message = f"{name}: the answers are not a list of `field: value` lines"
            raise UsageError(message, hint="write lines such as `decision_status: not_decided`") from None
        raise UsageError(
            f"{name}, line {error.line} of the answers: {error.message} ({error.rule.id})",
            hint=Command(f"sotctl explain {error.rule.id}"),
        ) from None
