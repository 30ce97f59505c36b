"""The web edge: the emulated API, the control plane and the media, as one ASGI application."""
