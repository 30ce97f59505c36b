"""What a tool is stopped with where it would refuse a request that the mock answers."""


class Unmatched(Exception):
    """The tool has nothing for the request."""
