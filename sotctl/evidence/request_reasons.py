"""What `sotctl explain` says of the reasons about requests and their credential."""

from __future__ import annotations

from sotctl.findings import explained

_USE = "A run shows something only if every agent is known to have used the admitted pair, and nothing else."
_TWO = "A provider, or a proxy in front of it, may read a request differently from sotctl: then another model answers."
_DOWN = "Without an answer of the provider the model did no work."
_HELD = "The recorder holds the credential, so that the program under test has none to leak or to use elsewhere."
_AGAIN = "Run Stage 2 again."
_SEE = "`backend/requests.jsonl` in the run directory names every request and what became of it."

_TABLE = (
    ("other-model-requested", "No other model was asked for.", _USE, f"{_SEE} Configure the program to ask for one."),
    ("request-ambiguous", "Every request can be read in one way alone.", _TWO, f"{_SEE} Find out what sent it."),
    (
        "other-model-served",
        "The server answered as the admitted model, or by a name that the decision lists.",
        _USE,
        "Where the name is a dated form of the admitted one, list it under `served_models` in a new decision.",
    ),
    ("answer-unreadable", "The answer shows which model gave it.", _USE, "Ask the provider for plain JSON or events."),
    ("upstream-unreachable", "The provider can be reached.", _DOWN, f"Check --upstream and the network. {_AGAIN}"),
    (
        "upstream-tls",
        "The provider shows a certificate that is trusted.",
        _DOWN,
        f"Where the authority is your own, name its file in SSL_CERT_FILE. {_AGAIN}",
    ),
    ("upstream-reset", "The provider answers before it closes a connection.", _DOWN, _AGAIN),
    ("upstream-not-http", "The provider answers in HTTP.", _DOWN, "Check the scheme and the port of --upstream."),
    ("answer-cut-off", "The provider ends the answers that it begins.", _DOWN, _AGAIN),
    (
        "provider-refused",
        "The provider answers with a status of success.",
        _DOWN,
        "401 and 403: log in again. 404: check --upstream and the model. 429: wait, or have the quota raised.",
    ),
    ("credential-unusable", "The credential can be used for as long as the run lasts.", _HELD, "Log in again."),
    ("too-many-requests", "The program ends its requests.", _USE, f"{_SEE} Find out what sends them."),
    ("no-model-request", "The recorder saw requests for a model.", _USE, "See what the program printed, and why."),
    ("agent-without-request", "Every agent has an answered request.", _USE, _SEE),
    ("credential-missing", "The credential is there.", _HELD, "Log in, or set the variable."),
    ("credential-unreadable", "The credential can be read.", _HELD, "Log in again."),
    ("credential-exposed", "The owner alone can read the store of the credential.", _HELD, "chmod 600 FILE"),
    ("credential-expired", "The credential has not expired.", _HELD, "Log in again."),
    (
        "credential-other-provider",
        "The store has a credential for the admitted provider.",
        _HELD,
        "Log in to that provider, or name another source with --credential.",
    ),
    ("credential-other-account", "The credential is of one account throughout.", _HELD, "Log in again."),
)

EXPLANATIONS = explained(_TABLE)
