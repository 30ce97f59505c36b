"""What the mock uses of a library beside what that promises: a file for each library.

Each says in which versions the names were read, looks for them before they are used, and has a
public way for where one is gone.
"""
