"""What `sotctl explain` says of the reasons for which a run is blocked or fails, and of the rules of its evidence."""

from __future__ import annotations

from sotctl.evidence import request_reasons
from sotctl.findings import explained

_USE = "A run shows something only if every agent is known to have used the admitted pair."
_LOG = "A log with holes could leave out the very thing it should show."
_ASK = "An argument outside the allow-list could change which model the backend uses, or which host it reaches."
_SEE = "What a program can read, write or reach is kept small, so that a pass shows something."
_NET = "An admission allows one network class; no host outside of it may be reached."
_WORK = "A model that was used and did nothing is no pass: the work itself is tested, by the harness's own tests."
_END = "What was cut off shows only part of what happened."
_FORGED = "Evidence counts only as far as anybody can recompute it."
_AGAIN = "Find out why, then run Stage 2 again."
_KEEP = "Do not repair it: keep it for the investigation, and run Stage 2 again."

_TABLE = (
    ("passed", "The run passed.", "All conditions hold.", "Nothing to mend."),
    ("network-class-unknown", "The network class has hosts.", _NET, "Name them under `[networks]` of sot.toml."),
    (
        "launcher-not-allowed",
        "A launcher is a program and its entry; the backend adds its arguments.",
        _ASK,
        "Give it as `-- bun ~/case/src/index.ts`.",
    ),
    (
        "launcher-too-wide",
        "The program lies in a folder that holds nothing private.",
        _SEE,
        "Move it elsewhere.",
    ),
    ("program-missing", "The program is there.", _END, "Install it, or correct the launcher."),
    ("isolation-unavailable", "There is a sandbox.", _SEE, "Install bubblewrap, or give --no-isolation."),
    (
        "provider-unreachable-by-backend",
        "The backend can reach the admitted provider through the recorder.",
        _ASK,
        "Choose another --backend.",
    ),
    (
        "credential-source-unknown",
        "A source of the credential is named.",
        "The recorder holds the credential; the program never has it.",
        "Give --credential, or map the class under `[credentials]` of sot.toml.",
    ),
    (
        "host-not-allowed",
        "The host is one of the network class.",
        _NET,
        "Use an allowed host, or have the class changed.",
    ),
    ("other-pair-spawned", "No agent was started with another pair.", _USE, _AGAIN),
    (
        "fallback-used",
        "No agent was started with the fallback pair.",
        _USE,
        "Have the fallback admitted by a decision.",
    ),
    ("spawn-outside", "Every agent worked inside the run directory.", _USE, _AGAIN),
    ("agent-not-spawned", "Every agent of the profile was started.", _USE, _AGAIN),
    (
        "no-model-request",
        "The recorder saw requests.",
        _USE,
        "See what the program printed, in `backend/` of the run directory, and why it stopped before it asked.",
    ),
    ("other-model-requested", "No other model was asked for.", _USE, _AGAIN),
    ("request-refused", "Every request was passed on and answered.", _USE, _AGAIN),
    ("other-model-served", "The server answered as the admitted model.", _USE, "Ask the provider what it serves."),
    ("agent-without-request", "Every agent has an answered request.", _USE, _AGAIN),
    ("requests-broken", "What the recorder wrote is whole.", _LOG, _AGAIN),
    ("events-missing", "There is exactly one event log.", _LOG, _AGAIN),
    ("events-broken", "Every line of the event log is an object.", _LOG, _AGAIN),
    ("events-sequence", "The event log counts from 1 without a hole.", _LOG, _AGAIN),
    ("events-other-run", "The event log is of this one run.", _LOG, _AGAIN),
    ("phase-not-completed", "Every phase was completed.", _WORK, _AGAIN),
    ("phase-missing", "Every agent has a phase of its own in the event log.", _LOG, _AGAIN),
    ("pipeline-not-completed", "The pipeline was completed.", _WORK, _AGAIN),
    ("case-config-changed", "The configuration is as it was written.", _USE, _AGAIN),
    ("provider-entry-changed", "The recorder is the only provider, before and after.", _USE, _AGAIN),
    ("credentials-file", "No `auth.json` lies where Case looks for credentials.", _ASK, _AGAIN),
    ("environment-file", "Nothing that the backend loads unasked lies where it starts.", _ASK, _AGAIN),
    ("preload-changed", "The preload is as it was written.", _ASK, _AGAIN),
    ("recording-changed", "What sotctl wrote is as it was written.", _FORGED, "Run it again, in the sandbox."),
    ("time-order", "Admission, run and requests follow each other in time.", _FORGED, _KEEP),
    ("process-quota", "The program did not start too many processes.", _END, _AGAIN),
    ("evidence-odd-file", "The run holds files and links alone, in folders of its own.", _FORGED, _KEEP),
    ("evidence-not-recorded", "The run is the one that its record pins.", _FORGED, "sotctl evidence list"),
    ("manifest-changed", "The manifest names the fixture alone.", _USE, _AGAIN),
    ("admission-changed", "The admission is the same at the end.", _USE, "Restore the admission, and run again."),
    ("tests-passed-before", "The tests fail at first.", _WORK, "The template of the task is broken: reinstall sotctl."),
    ("tests-failed", "The tests pass on what the backend wrote.", _WORK, _AGAIN),
    ("baseline-failed", "The fake baseline passes the tests.", _WORK, "The harness cannot run tests here: mend that."),
    ("secret-found", "No file of the run holds a secret.", "Evidence is kept and shown.", "Revoke the secret."),
    ("backend-not-started", "The command can be started.", _END, "Correct the command."),
    ("timeout", "The backend ended in time.", _END, "Give it more with --timeout, or find out what it waited for."),
    ("interrupted", "Nobody interrupted the run.", _END, "Run it again."),
    ("disk-quota", "The run directory did not grow beyond its bound.", _END, _AGAIN),
    ("output-truncated", "The output fitted.", _END, _AGAIN),
    ("recording-failed", "Everything could be recorded.", _LOG, "Free space on the disk, and run it again."),
    ("killed-by-signal", "The backend did not die by a signal.", _END, _AGAIN),
    ("trace-broken", "Every line of the trace is an object.", _FORGED, _KEEP),
    ("trace-sequence", "The trace counts from 1 without a hole.", _FORGED, _KEEP),
    ("trace-other-run", "The trace is of this one run.", _FORGED, _KEEP),
    ("trace-time", "The times of the trace do not go back.", _FORGED, _KEEP),
    ("trace-order", "The events of the trace stand in their order.", _FORGED, _KEEP),
    ("evidence-report-broken", "The report is whole.", _FORGED, _KEEP),
    ("evidence-report-differs", "The report says what the files give.", _FORGED, _KEEP),
    ("evidence-artifact-missing", "Every listed file is there.", _FORGED, _KEEP),
    ("evidence-artifact-unlisted", "Every file is listed.", _FORGED, _KEEP),
    ("evidence-artifact-changed", "Every file has its digest.", _FORGED, _KEEP),
    ("evidence-trace-broken", "The trace is whole and in order.", _FORGED, _KEEP),
    ("evidence-admission-broken", "The admission of the run can be read.", _FORGED, _KEEP),
    ("evidence-judgement-differs", "Computed again, the run has the same result.", _FORGED, _KEEP),
    ("evidence-secret", "Scanned again, the run holds no secret.", _FORGED, "Revoke the secret, and run again."),
)

EXPLANATIONS = {**explained(_TABLE), **request_reasons.EXPLANATIONS}
