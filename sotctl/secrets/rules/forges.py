"""Tokens of the forges."""

from sotctl.secrets.rule import SecretRule

_EDGE = r"(?<![A-Za-z0-9_])"

RULES = (
    SecretRule(
        id="github-token", summary="GitHub token", keywords=("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
        source="https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
        pattern=_EDGE + r"gh[pousr]_[A-Za-z0-9]{36,251}(?![A-Za-z0-9])",
        matches=("ghp_" + "aB3dE6gH9" * 4, "gho_" + "zY8xW5vU2" * 4),
        misses=("ghp_", "ghp_xxxx", "ghp_example_token"),
    ),
    SecretRule(
        id="github-fine-grained-token", summary="GitHub fine-grained token", keywords=("github_pat_",),
        source="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
        pattern=_EDGE + r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}(?![A-Za-z0-9])",
        matches=("github_pat_" + "aB3dE6gH9kL" * 2 + "_" + "aB3dE6gH9kL" * 5 + "aB3d",),
        misses=("github_pat_", "github_pat_11ABC"),
    ),
    SecretRule(
        id="gitlab-token", summary="GitLab token", keywords=("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-"),
        source="https://docs.gitlab.com/security/tokens/#token-prefixes",
        pattern=r"(?<![A-Za-z0-9_\-])gl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_\-]{20,60}(?![A-Za-z0-9])",
        matches=("glpat-" + "aB3dE_gH9k" * 2,),
        misses=("glpat-", "glpat-short"),
    ),
)  # fmt: skip
