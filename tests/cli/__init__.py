"""The command line: exit codes, exact words, and no traceback whatever is typed."""
