"""One detector for prompts, files, commits and evidence (SPEC section 10)."""

from sotctl.secrets.detector import Secret, scan, scan_text

__all__ = ["Secret", "scan", "scan_text"]
