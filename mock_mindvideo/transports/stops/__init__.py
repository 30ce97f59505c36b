"""Where connections are seen that cannot be answered in this process, so that the guard is asked.

Everything in Python that connects by name comes by `socket`; libraries that connect in C are met at
what calls them, as far as they can be.
"""
