"""What contracts are checked against: the mock in this process or a server, alone or in pytest."""
