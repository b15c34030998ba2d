"""What `sotctl explain` says of the rules of an admission, and of the reasons and statuses that are the gate's own."""

from __future__ import annotations

from sotctl import variables
from sotctl.findings import explained

_PAIR = "The pair is compared as exact bytes, so that what runs is what was approved and nothing that resembles it."
_SIGN = "Run `sotctl admission sign`."
_REQUEST = "Request the admitted pair, or decide anew."
_DECIDE = "Decide anew with `sotctl decide`, which rewrites the admission."
_WRITTEN = "Let sotctl write it."
_NAME_PAIR = "Name the admitted pair there."

EXPLANATIONS = explained(
    {
        "Nothing stands in the way.": (("admitted", "The requested pair is the admitted one.", "Nothing to mend."),),
        "The requested pair is never an authority; without an admission nothing may run.": (
            ("no-admission-file", "An admission file is named.", f"Set {variables.FILE}, or give --admission-file."),
        ),
        "The gate decides on the bytes it read; they must be those that were approved, wherever the path leads.": (
            (
                "admission-file-absent",
                "The admission file exists.",
                "Name the file that `sotctl admission list` shows.",
            ),
            ("unreadable", "The admission file can be read.", "Give yourself permission to read it."),
            ("symbolic-link", "No link leads to the admission.", "Name the file itself, below the real directory."),
            ("hard-link", "The admission file has one name.", "Copy it: `cp F F.new && mv F.new F`."),
            ("not-regular", "The admission is a regular file.", "Put the file itself there."),
            ("git-unreadable", "Git can say what is committed.", "Run `git rev-parse HEAD` there; it says why not."),
            (
                "admission-not-committed",
                "The bytes are those committed at HEAD.",
                "Commit the file as sotctl wrote it; `git status` tells what differs.",
            ),
        ),
        "Git cannot be asked about a path with a line end or NUL in it.": (
            ("path-unusable", "The path is one line.", "Move the file."),
        ),
        "Anybody who may write the file can admit a model: that must be only you and root.": (
            ("foreign-owner", "The file belongs to you or root.", "Check the file out again as yourself."),
            ("world-writable", "Not everyone may write the file.", "`chmod o-w` the file, and look at its history."),
            ("group-writable", "No other group may write the file.", "`chmod g-w` the file."),
            ("allowed-signers-writable", "Nobody else may write the signers.", "`chmod go-w` the file and directory."),
        ),
        "Hooks guard branches; on a detached HEAD, or a ref outside refs/heads, anybody may commit an admission.": (
            (
                "head-unguarded",
                "HEAD is a local branch, or --ref names the branch that counts.",
                f"Check out a branch, or name the one you trust with --ref, {variables.REF} or `[gate] ref`.",
            ),
        ),
        "A second store would bring its own approvers, and no signature.": (
            (
                "store-not-named",
                "The admission lies in the store at the top, or in one that its configuration names.",
                "Name the store under `[store] also` of the store at the top, or put the record there.",
            ),
        ),
        "A revocation reaches a host by a fetch; a host that never fetches does not learn of it.": (
            (
                "clone-stale",
                "The clone has fetched lately, and is not behind its upstream.",
                f"Run `git pull`; `[gate] max_age` and {variables.MAX_AGE} say how long ago the last fetch may be.",
            ),
        ),
        "The hooks compare an admission with the decision record that approves it, but only in that place.": (
            (
                "admission-misplaced",
                "A committed admission lies where its pair puts it in a store.",
                "Submit the file that `sotctl admission list` names.",
            ),
        ),
        "A revoked admission admits nothing; the commit that revoked it says why.": (
            ("revoked", "The admission is in force.", _DECIDE),
        ),
        "An approval holds until its review-by date.": (
            ("review-date-passed", "The review-by date has not passed.", _DECIDE),
        ),
        _PAIR: (
            ("no-provider-requested", "A provider is requested.", f"Set {variables.PROVIDER}."),
            ("no-model-requested", "A model is requested.", f"Set {variables.MODEL}."),
            (
                "other-provider",
                "The requested provider is the admitted one.",
                _REQUEST,
            ),
            ("other-model", "The requested model is the admitted one.", _REQUEST),
            ("pair-swapped", "Provider and model stand in their places.", "Exchange the two variables."),
        ),
        "A fallback is kept as context; nobody approved that it runs.": (
            (
                "fallback-requested",
                "A fallback pair is not requested.",
                "Request the admitted pair, or approve the fallback by a decision of its own.",
            ),
        ),
        "Where sot.toml requires a signature, only the approver can admit; the right to commit is not enough.": (
            ("signature-missing", "A required signature is there.", _SIGN),
            ("signature-empty", "The signature file holds a signature.", _SIGN),
            ("signature-unreadable", "The signature can be read.", _SIGN),
            ("signature-other-key", "The key is an allowed signer's.", "Sign with a listed key, or list the key."),
            ("signature-other-principal", "The approver signed.", "The person who approved must sign."),
            ("signature-other-namespace", "The signature is for admissions.", _SIGN),
            ("signature-other-bytes", "The signature is of these bytes.", "Sign the committed file again."),
            ("signature-key-expired", "The key is valid now.", "Sign with a key that is valid."),
            ("signature-key-revoked", "The key is not revoked.", "Sign with a key that is not revoked."),
            (
                "allowed-signers-missing",
                "Allowed signers are configured.",
                f"Set {variables.ALLOWED_SIGNERS} or sot.toml.",
            ),
            ("allowed-signers-unreadable", "The allowed signers can be read.", "Mend the path or its permissions."),
            ("allowed-signers-wildcard", "A principal is one name.", "Write each principal out."),
        ),
        "Anybody who may commit could list a key.": (
            (
                "allowed-signers-inside-repository",
                "The allowed signers lie outside the repository.",
                "Move the file out, and name it by an absolute path.",
            ),
        ),
        "A second name may lie in the repository, where anybody who may commit could list a key.": (
            (
                "allowed-signers-hard-link",
                "The allowed signers have one name.",
                "Copy the file: `cp F F.new && mv F.new F`.",
            ),
        ),
        "A backend that could select another pair may do so silently.": (
            ("case-config-unreadable", "The backend's configuration can be read.", _WRITTEN),
            ("case-config-invalid", "The configuration is strict JSON with known keys.", _WRITTEN),
            ("case-config-no-default", "The configuration names `models.default`.", _NAME_PAIR),
            ("case-config-override", "No role has a model of its own.", "Remove all of `models` but `default`."),
            ("case-config-other-pair", "`models.default` is the admitted pair.", _NAME_PAIR),
        ),
    }
)

_FINER = "Look up the reason that stands beside it, with `sotctl explain REASON`."
STATUSES = explained(
    {
        "Without an admission nothing may run.": (
            ("missing_admission", "An admission file is named and exists.", _FINER),
        ),
        "A file that can be read in two ways, or was changed after the approval, is not what was approved.": (
            (
                "invalid_admission",
                "The admission is the committed file, written by nobody else, and breaks no rule.",
                _FINER,
            ),
        ),
        "An approval holds until it is revoked or due, and for a pair that is named.": (
            (
                "not_admitted",
                "The admission is in force, its review-by date has not passed, and a pair is requested.",
                _FINER,
            ),
        ),
        _PAIR: (
            ("mismatch", "The requested pair, and all that the backend could select, is the admitted one.", _FINER),
        ),
    }
)
"""What `sotctl explain` says of the statuses of the gate, each of which has several reasons."""
