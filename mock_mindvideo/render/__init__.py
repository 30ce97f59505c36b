"""Pictures and clips in the place of generated ones.

Each is of the shape that the task's input asks for and tells, at a glance, which task it belongs
to. The package knows nothing of tasks: it is handed a label and a shape. PyAV (extra `media`) is
imported only when a clip is rendered; without it clips are placeholders.
"""
