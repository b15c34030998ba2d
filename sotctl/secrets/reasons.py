"""The rules about secrets, and about the false alarms that a store accepts."""

from __future__ import annotations

from sotctl.findings import Rule

BASELINE_INVALID = Rule(
    "baseline-invalid",
    "The baseline of accepted false alarms can be read.",
    "A baseline that can be read in two ways could accept something that nobody reviewed.",
    "Correct the line, or make it again with `sotctl scan --update-baseline`.",
)
BASELINE_STALE = Rule(
    "baseline-stale",
    "Every line of the baseline accepts something that is there.",
    "If the accepted value came back, a stale line would accept it again without a review.",
    "Take the line out with `sotctl scan --update-baseline`.",
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
    "A file with over a thousand secrets, or with packed data of many times its size, is not searched further: that"
    " would hold up every commit and push. What was not searched may hold secrets, so it does not pass.",
    "Take out the secrets that are reported, or divide the file into smaller ones.",
)

ABOUT_SECRETS = frozenset((SECRET, SECRETS_UNSEARCHED))
"""The rules about secrets that were found, and about those that may be there."""

EXPLANATIONS = {rule.id: rule for rule in (BASELINE_INVALID, BASELINE_STALE, SECRET, SECRETS_UNSEARCHED)}
