"""The environment variables that the harness and the gate share. The gate imports this first, so it imports nothing."""

from __future__ import annotations

FILE = "CTO_HARNESS_CASE_MODEL_ADMISSION_FILE"
PROVIDER = "CTO_HARNESS_CASE_MODEL_PROVIDER"
MODEL = "CTO_HARNESS_CASE_MODEL"
REQUIRE_COMMITTED = "SOTCTL_REQUIRE_COMMITTED"
ALLOWED_SIGNERS = "SOTCTL_ALLOWED_SIGNERS"
REF = "SOTCTL_REF"
MAX_AGE = "SOTCTL_MAX_AGE"
