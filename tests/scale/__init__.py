"""What several machines give: measured by `python -m tests.scale`, on one of them."""
