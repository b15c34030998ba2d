"""One file for each program that an export is written for, with `FORMAT`; `sotctl export` offers what is here."""
