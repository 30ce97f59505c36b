"""The application on a socket: a server in a thread, in this process, or in several."""
