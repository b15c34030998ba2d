"""What `sotctl explain` says of the reasons for which a run is blocked or fails, and of the rules of its evidence."""

from __future__ import annotations

from sotctl.findings import explained

_AGAIN = "Find out why, then run Stage 2 again."
_KEEP = "Do not repair it: keep it for the investigation, and run Stage 2 again."
_LOGIN = "Log in again."
_SEE = "`backend/requests.jsonl` in the run directory names every request and what became of it."

EXPLANATIONS = explained(
    {
        "Every condition of `docs/reference/stage2.md` holds.": (("passed", "The run passed.", "Nothing to mend."),),
        "An admission allows one network class; no host outside of it may be reached.": (
            ("network-class-unknown", "The network class has hosts.", "Name them under `[networks]` of sot.toml."),
            (
                "host-not-allowed",
                "The host is one of the network class.",
                "Use an allowed host, or have the class changed.",
            ),
        ),
        "Any other setting of the program could change which model it uses, or which host it reaches.": (
            (
                "launcher-not-allowed",
                "A launcher is a program and its entry; the backend adds its arguments.",
                "Give it as `-- bun ~/case/src/index.ts`.",
            ),
            (
                "provider-unreachable-by-backend",
                "The backend can reach the admitted provider through the recorder.",
                "Choose another --backend.",
            ),
            ("credentials-file", "No `auth.json` lies where Case looks for credentials.", _AGAIN),
            ("environment-file", "Nothing that the backend loads unasked lies where it starts.", _AGAIN),
            ("preload-changed", "The preload is as it was written.", _AGAIN),
        ),
        "What a program can read, write or reach is kept small, so that a pass shows something.": (
            ("launcher-too-wide", "The program lies in a folder that holds nothing private.", "Move it elsewhere."),
            ("isolation-unavailable", "There is a sandbox.", "Install bubblewrap, or give --no-isolation."),
        ),
        "Without the program there is no run.": (
            ("program-missing", "The program is there.", "Install it, or correct the launcher."),
            ("backend-not-started", "The command can be started.", "Correct the command."),
        ),
        "A run that was cut off shows only part of what would have happened.": (
            ("process-quota", "The program did not start too many processes.", _AGAIN),
            ("timeout", "The backend ended in time.", "Give it more with --timeout, or find out what it waited for."),
            ("interrupted", "Nobody interrupted the run.", "Run it again."),
            ("disk-quota", "The run directory did not grow beyond its bound.", _AGAIN),
            ("output-truncated", "All output could be kept.", _AGAIN),
            ("killed-by-signal", "The backend did not die by a signal.", _AGAIN),
        ),
        "A run shows something only if every agent is known to have used the admitted pair, and nothing else.": (
            ("no-model-request", "The recorder saw requests for a model.", "See what the program printed, and why."),
            ("other-model-requested", "No other model was asked for.", f"{_SEE} Configure the program to ask for one."),
            (
                "other-model-served",
                "The server answered as the admitted model, or by a name that the decision lists.",
                "Where the name is a dated form of the admitted one, list it under `served_models` in a new decision.",
            ),
            ("agent-without-request", "Every agent has an answered request.", _SEE),
            (
                "answer-unreadable",
                "The answer shows which model gave it.",
                "Ask the provider for plain JSON or events.",
            ),
            (
                "too-many-requests",
                "The program sends no more requests than can be recorded.",
                f"{_SEE} Find out what sends them.",
            ),
            ("other-pair-spawned", "No agent was started with another pair.", _AGAIN),
            (
                "fallback-used",
                "No agent was started with the fallback pair.",
                "Have the fallback admitted by a decision.",
            ),
            ("spawn-outside", "Every agent worked inside the run directory.", _AGAIN),
            ("agent-not-spawned", "Every agent of the profile was started.", _AGAIN),
            ("request-refused", "Every request was passed on and answered.", _AGAIN),
            ("case-config-changed", "The configuration is as it was written.", _AGAIN),
            ("provider-entry-changed", "The recorder is the only provider, before and after.", _AGAIN),
            ("manifest-changed", "The manifest names the fixture alone.", _AGAIN),
            ("admission-changed", "The admission is the same at the end.", "Restore the admission, and run again."),
        ),
        "A log with holes could leave out the very thing it should show.": (
            ("requests-broken", "What the recorder wrote is whole.", _AGAIN),
            ("events-missing", "There is exactly one event log.", _AGAIN),
            ("events-broken", "Every line of the event log is an object.", _AGAIN),
            ("events-sequence", "The event log counts from 1 without a hole.", _AGAIN),
            ("events-other-run", "The event log is of this one run.", _AGAIN),
            ("phase-missing", "Every agent has a phase of its own in the event log.", _AGAIN),
            ("recording-failed", "Everything could be recorded.", "Free space on the disk, and run it again."),
        ),
        "A model that was asked and did no work is no pass: sotctl tests the work with tests of its own.": (
            ("phase-not-completed", "Every phase was completed.", _AGAIN),
            ("pipeline-not-completed", "The pipeline was completed.", _AGAIN),
            (
                "tests-passed-before",
                "The tests fail at first.",
                "The template of the task is broken: reinstall sotctl.",
            ),
            ("tests-failed", "The tests pass on what the backend wrote.", _AGAIN),
            ("baseline-failed", "The fake baseline passes the tests.", "Tests cannot be run here: mend that."),
        ),
        "Evidence counts only as far as anybody can compute it again.": (
            ("recording-changed", "What sotctl wrote is as it was written.", "Run it again, in the sandbox."),
            ("time-order", "Admission, run and requests follow each other in time.", _KEEP),
            ("evidence-odd-file", "The run holds files and links alone, in folders of its own.", _KEEP),
            (
                "evidence-not-recorded",
                "The run is the one that its record pins.",
                "Find its record with `sotctl evidence list`.",
            ),
            ("trace-broken", "Every line of the trace is an object.", _KEEP),
            ("trace-sequence", "The trace counts from 1 without a hole.", _KEEP),
            ("trace-other-run", "The trace is of this one run.", _KEEP),
            ("trace-time", "The times of the trace never go back.", _KEEP),
            ("trace-order", "The events of the trace stand in their order.", _KEEP),
            ("evidence-report-broken", "The report is whole.", _KEEP),
            ("evidence-report-differs", "The report says what the files give.", _KEEP),
            ("evidence-artifact-missing", "Every listed file is there.", _KEEP),
            ("evidence-artifact-unlisted", "Every file is listed.", _KEEP),
            ("evidence-artifact-changed", "Every file has its digest.", _KEEP),
            ("evidence-trace-broken", "The trace is whole and in order.", _KEEP),
            ("evidence-admission-broken", "The admission of the run can be read.", _KEEP),
            ("evidence-judgement-differs", "Computed again, the run has the same result.", _KEEP),
            ("evidence-secret", "Scanned again, the run holds no secret.", "Revoke the secret, and run again."),
        ),
        "Evidence is kept and shown to others, and so would be the secret.": (
            ("secret-found", "No file of the run holds a secret.", "Revoke the secret."),
        ),
        "A provider, or a proxy in front of it, may read such a request differently, and ask another model.": (
            ("request-ambiguous", "Every request can be read in one way alone.", f"{_SEE} Find out what sent it."),
        ),
        "Without an answer of the provider the model did no work.": (
            (
                "upstream-unreachable",
                "The provider can be reached.",
                "Check --upstream and the network, then run Stage 2 again.",
            ),
            (
                "upstream-tls",
                "The provider shows a certificate that is trusted.",
                "Where the authority is your own, name its file in SSL_CERT_FILE, then run Stage 2 again.",
            ),
            ("upstream-reset", "The provider answers before it closes a connection.", _AGAIN),
            ("upstream-not-http", "The provider answers in HTTP.", "Check the scheme and the port of --upstream."),
            ("answer-cut-off", "The provider ends the answers that it begins.", _AGAIN),
            (
                "provider-refused",
                "The provider answers with a status of success.",
                "401 and 403: log in again. 404: check --upstream and the model. 429: wait, or have the quota raised.",
            ),
        ),
        "Over plain http, anybody on the way to the provider can read the credential.": (
            (
                "upstream-not-encrypted",
                "A credential is sent over https, or to a loopback or private host.",
                "Give --upstream an https address; name a host of your own under `[networks] local-hosts`.",
            ),
        ),
        "The recorder holds the credential, so that the program under test has none to leak or to use elsewhere.": (
            (
                "credential-source-unknown",
                "A source of the credential is named.",
                "Give --credential, or map the class under `[credentials]` of sot.toml.",
            ),
            ("credential-unusable", "The credential can be used for as long as the run lasts.", _LOGIN),
            ("credential-missing", "The credential is there.", "Log in, or set the variable."),
            ("credential-unreadable", "The credential can be read.", _LOGIN),
            ("credential-exposed", "The owner alone can read the store of the credential.", "`chmod 600` the file."),
            ("credential-expired", "The credential has not expired.", _LOGIN),
            (
                "credential-other-provider",
                "The store has a credential for the admitted provider.",
                "Log in to that provider, or name another source with --credential.",
            ),
            ("credential-other-account", "The credential is of one account throughout.", _LOGIN),
        ),
    }
)
