"""Finds secrets in prompts, files, commits and evidence."""

from sotctl.secrets.bulk import on_demand, prepare
from sotctl.secrets.detector import scan, scan_all, scan_path, scan_text
from sotctl.secrets.secret import Secret

__all__ = ["Secret", "on_demand", "prepare", "scan", "scan_all", "scan_path", "scan_text"]
