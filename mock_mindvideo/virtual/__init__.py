"""Virtual time: the waits and clocks of a program under test follow a world's time instead of real.

A `Timeline` moves when all threads and event loops that take part wait, and to the nearest moment
at which one of them wakes. It knows nothing of worlds but how to read and move them.
"""
