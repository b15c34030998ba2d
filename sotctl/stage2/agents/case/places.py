"""Where Case reads and writes in a run directory."""

from __future__ import annotations

CONFIG, PROJECTS, PRELOAD = "case-data/config.json", "case-data/projects.json", "case-data/preload.ts"
MODELS, AUTH = "pi/models.json", "pi/auth.json"
STDOUT, STDERR = "backend/case.stdout", "backend/case.stderr"
