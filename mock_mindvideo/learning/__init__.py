"""Learning from recorded traffic: where it and the mock part, and the files that mend it."""
