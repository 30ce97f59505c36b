"""What a server does, in numbers: counted in `tally`, told by `endpoint`."""
