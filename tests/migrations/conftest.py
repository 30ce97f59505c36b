"""Suites that were written with another mock, and moved; they are run as projects of their own."""

collect_ignore_glob = ["*/before/*", "*/after/*"]
