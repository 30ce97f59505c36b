"""HTTP/1.1 in bytes, whoever has the connection: requests are read, answers are written."""
