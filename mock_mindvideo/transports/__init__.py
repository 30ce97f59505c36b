"""The application without a socket: transports for httpx and httpx2, and their interception.

Nothing is emulated here: the same ASGI application runs, stepped by whoever sends the request.
"""
