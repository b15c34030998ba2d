"""One detector for prompts, files, commits and evidence (SPEC section 10)."""

from sotctl.secrets.bulk import prepare
from sotctl.secrets.detector import scan, scan_path, scan_text
from sotctl.secrets.secret import Secret

__all__ = ["Secret", "prepare", "scan", "scan_path", "scan_text"]
