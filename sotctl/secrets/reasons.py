"""The rules about secrets and about the baseline of accepted false alarms."""

from __future__ import annotations

from sotctl.findings import Rule

BASELINE_INVALID = Rule(
    "baseline-invalid",
    "The baseline of accepted false alarms is valid.",
    "An invalid or ambiguous baseline could accept a secret that nobody reviewed.",
    "Correct the line, or rebuild the baseline with `sotctl scan --update-baseline`.",
)
BASELINE_STALE = Rule(
    "baseline-stale",
    "Every baseline entry matches a value that is still in its file.",
    "If the accepted value came back, a stale entry would accept it again without a review.",
    "Remove the entry with `sotctl scan --update-baseline`.",
)
SECRET = Rule(
    "secret",
    "No secret is committed.",
    "Git keeps every committed version, and everybody with a clone has it: a committed secret has leaked.",
    "Take it out of the file, stage the file again, and revoke the secret where it was issued.",
)

SECRETS_UNSEARCHED = Rule(
    "secrets-unsearched",
    "Every file is searched for secrets to its end.",
    "The search of a file stops after a thousand secrets, after far more words such as `key` and `token` than people's"
    " files hold, or after unpacking many times its size, so that no file holds up every commit and push. The rest may"
    " hold secrets, so the file does not pass.",
    "Take out the secrets that are reported; if there are none, divide the file into smaller ones.",
)

ABOUT_SECRETS = frozenset((SECRET, SECRETS_UNSEARCHED))
"""The rules that report secrets: those found, and those that may be in an unsearched part."""

EXPLANATIONS = {rule.id: rule for rule in (BASELINE_INVALID, BASELINE_STALE, SECRET, SECRETS_UNSEARCHED)}
