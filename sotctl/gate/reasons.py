"""What `sotctl explain` says of the rules of an admission, and of the reason codes that are the gate's own."""

from __future__ import annotations

from sotctl import variables
from sotctl.findings import explained

_BYTES = "The gate decides on the bytes it read; they must be those that were approved, wherever the path leads."
_OTHERS = "Anybody who may write the file can admit a model: that must be only you and root."
_PAIR = "The pair is compared as exact bytes, so that what runs is what was approved and nothing that resembles it."
_SIGNED = "Where sot.toml requires a signature, only the approver can admit; the right to commit is not enough."
_CONFIG = "A backend that could select another pair may do so silently: its fallback is another model."
_JSON = "The gate decides on these bytes; every reader must take them for the same thing."
_APPROVAL = "An admission rests on a person's approval, given on a day that can be looked up."
_EXACT = "A pair is compared as exact bytes; a pattern or a floating name would admit more than was approved."
_COMMIT = "Commit the file as sotctl wrote it; `git status` tells what differs."
_DERIVE = "Run `sotctl admission generate`."
_DECIDE = "Decide anew with `sotctl decide`, which rewrites the admission."

_TABLE = (
    ("admitted", "The requested pair is the admitted one.", "Nothing stands in the way.", "Nothing to mend."),
    (
        "no-admission-file",
        "An admission file is named.",
        "The requested pair is never an authority; without an admission nothing may run.",
        f"Set {variables.FILE}, or give --admission-file.",
    ),
    (
        "admission-file-absent",
        "The admission file exists.",
        _BYTES,
        "Name the file that `sotctl admission list` shows.",
    ),
    ("path-unusable", "The path is one line.", "Git cannot be asked for it.", "Move the file."),
    ("unreadable", "The admission file can be read.", _BYTES, "Give yourself permission to read it."),
    ("symbolic-link", "No link leads to the admission.", _BYTES, "Name the file itself, below the real directory."),
    ("hard-link", "The admission file has one name.", _BYTES, "Copy it: `cp F F.new && mv F.new F`."),
    ("not-regular", "The admission is a regular file.", _BYTES, "Put the file itself there."),
    ("foreign-owner", "The file belongs to you or root.", _OTHERS, "Check the file out again as yourself."),
    ("world-writable", "Not everyone may write the file.", _OTHERS, "`chmod o-w` the file, and look at its history."),
    ("group-writable", "No other group may write the file.", _OTHERS, "`chmod g-w` the file."),
    ("git-unreadable", "Git can say what is committed.", _BYTES, "Run `git rev-parse HEAD` there; it says why not."),
    (
        "head-unguarded",
        "HEAD is a local branch, or --ref names the branch that counts.",
        "Hooks guard branches; on a detached HEAD, or a ref outside refs/heads, anybody may commit an admission.",
        f"Check out a branch, or name the one you trust with --ref, {variables.REF} or `[gate] ref`.",
    ),
    (
        "store-not-named",
        "The admission lies in the store at the top, or in one that its configuration names.",
        "A second store would bring its own approvers, and no signature.",
        "Name the store under `[store] also` of the store at the top, or put the record there.",
    ),
    (
        "clone-stale",
        "The clone has fetched lately, and is not behind its upstream.",
        "A revocation reaches a host by a fetch; a host that never fetches does not learn of it.",
        f"Run `git pull`; `[gate] max_age` and {variables.MAX_AGE} say how long ago the last fetch may be.",
    ),
    ("admission-not-committed", "The bytes are those committed at HEAD.", _BYTES, _COMMIT),
    (
        "admission-misplaced",
        "A committed admission lies where its pair puts it in a store.",
        "Only there do the hooks hold it against the decision record that approves it.",
        "Submit the file that `sotctl admission list` names.",
    ),
    ("revoked", "The admission is in force.", "The commit that revoked it says why.", _DECIDE),
    ("review-date-passed", "The review-by date has not passed.", "An approval was given for a time.", _DECIDE),
    ("no-provider-requested", "A provider is requested.", _PAIR, f"Set {variables.PROVIDER}."),
    ("no-model-requested", "A model is requested.", _PAIR, f"Set {variables.MODEL}."),
    (
        "other-provider",
        "The requested provider is the admitted one.",
        _PAIR,
        "Request the admitted pair, or decide anew.",
    ),
    ("other-model", "The requested model is the admitted one.", _PAIR, "Request the admitted pair, or decide anew."),
    ("pair-swapped", "Provider and model stand in their places.", _PAIR, "Exchange the two variables."),
    (
        "fallback-requested",
        "A fallback pair is not requested.",
        "A fallback is kept as context; nobody approved that it runs.",
        "Request the admitted pair, or approve the fallback by a decision of its own.",
    ),
    ("signature-missing", "A required signature is there.", _SIGNED, "Run `sotctl admission sign`."),
    ("signature-empty", "The signature file holds a signature.", _SIGNED, "Run `sotctl admission sign`."),
    ("signature-unreadable", "The signature can be read.", _SIGNED, "Run `sotctl admission sign`."),
    ("signature-other-key", "The key is an allowed signer's.", _SIGNED, "Sign with a listed key, or list the key."),
    ("signature-other-principal", "The approver signed.", _SIGNED, "The person who approved must sign."),
    ("signature-other-namespace", "The signature is for admissions.", _SIGNED, "Run `sotctl admission sign`."),
    ("signature-other-bytes", "The signature is of these bytes.", _SIGNED, "Sign the committed file again."),
    ("signature-key-expired", "The key is valid now.", _SIGNED, "Sign with a key that is valid."),
    ("signature-key-revoked", "The key is not revoked.", _SIGNED, "Sign with a key that is not revoked."),
    (
        "allowed-signers-missing",
        "Allowed signers are configured.",
        _SIGNED,
        f"Set {variables.ALLOWED_SIGNERS} or sot.toml.",
    ),
    ("allowed-signers-unreadable", "The allowed signers can be read.", _SIGNED, "Mend the path or its permissions."),
    (
        "allowed-signers-inside-repository",
        "The allowed signers lie outside the repository.",
        "Anybody who may commit could list a key.",
        "Move the file out, and name it by an absolute path.",
    ),
    (
        "allowed-signers-hard-link",
        "The allowed signers have one name.",
        "A second name may lie in the repository, where anybody who may commit could list a key.",
        "Copy the file: `cp F F.new && mv F.new F`.",
    ),
    ("allowed-signers-writable", "Nobody else may write the signers.", _OTHERS, "`chmod go-w` the file and directory."),
    ("allowed-signers-wildcard", "A principal is one name.", _SIGNED, "Write each principal out."),
    ("case-config-unreadable", "The backend's configuration can be read.", _CONFIG, "Let sotctl write it."),
    ("case-config-invalid", "The configuration is strict JSON with known keys.", _CONFIG, "Let sotctl write it."),
    ("case-config-no-default", "The configuration names `models.default`.", _CONFIG, "Name the admitted pair there."),
    ("case-config-override", "No role has a model of its own.", _CONFIG, "Remove all of `models` but `default`."),
    ("case-config-other-pair", "`models.default` is the admitted pair.", _CONFIG, "Name the admitted pair there."),
)

EXPLANATIONS = explained(_TABLE)

_FINER = "Look up the reason that stands beside it, with `sotctl explain REASON`."
STATUSES = explained(
    (
        (
            "missing_admission",
            "An admission file is named and exists.",
            "Without an admission nothing may run.",
            _FINER,
        ),
        (
            "invalid_admission",
            "The admission is the committed file, written by nobody else, and breaks no rule.",
            "A file that can be read in two ways, or was changed after the approval, is not what was approved.",
            _FINER,
        ),
        (
            "not_admitted",
            "The admission is in force, its review-by date has not passed, and a pair is requested.",
            "An approval holds until it is revoked or due, and for a pair that is named.",
            _FINER,
        ),
        ("mismatch", "The requested pair, and all that the backend could select, is the admitted one.", _PAIR, _FINER),
    )
)
"""What `sotctl explain` says of the statuses of the gate, each of which has several reasons."""
