"""The application without a socket: transports for clients, and their interception.

Nothing is emulated here: the same ASGI application runs, stepped by whoever sends the request.
"""
