"""`python -m tests.scale`: what servers on one Redis cost and give (docs/explanation/scale.md).

All of it runs on this machine, each node behind a link of its own to Redis (`link.py`).
"""

import sys

from tests.scale.measures import costs, distance, memory, nodes, saturation

if __name__ == "__main__":
    for measure in (costs, memory, saturation, distance, nodes):
        sys.stdout.write(f"{measure.__doc__}\n")
        for line in measure():
            sys.stdout.write(f"  {line}\n")
            sys.stdout.flush()
        sys.stdout.write("\n")
