"""Reads documents of other tools: ADR folders as people have them, and Markdown that lost its line breaks.

`read_folder` reads files, `plan_records` plans the issues document that they become.
"""
