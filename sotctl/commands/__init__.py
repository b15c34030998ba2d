"""One file for each verb, with `command`; a folder is a group. The first line of a file is its line in `--help`."""
