"""Other mocks of HTTP in the same suite: each keeps its routes, and lets the rest of ours through.

They stand above the seams. What one has a route for is its own, whichever fixture came first; a
request to a known address that it would refuse goes on, and the mock answers.
"""
