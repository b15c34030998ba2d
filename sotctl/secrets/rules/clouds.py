"""Keys of the clouds."""

from sotctl.secrets.rule import SecretRule

RULES = (
    SecretRule(
        id="aws-access-key-id", summary="AWS access key id", keywords=("akia", "asia"),
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids",
        pattern=r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])",
        matches=("AKIA" + "Q3EGRT5KLM7NOP2Z",),
        misses=("AKIA", "AKIA" + "IOSFODNN7EXAMPLE", "AKIAlowercase"),
        accept=lambda value: not value.endswith(b"EXAMPLE"),
    ),
    SecretRule(
        id="aws-secret-access-key", summary="AWS secret access key", keywords=("secret_access_key", "secretaccesskey"),
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
        pattern=r"""(?i:secret_?access_?key)["']?\s*[:=]\s*["']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])""",
        matches=("aws_secret_access_key = " + "aB3/dE6+gH" * 4,),
        misses=("aws_secret_access_key = ${AWS_SECRET}", "secret_access_key: <redacted>"),
    ),
)  # fmt: skip
