"""How long the loops are, and from which seed they start."""

import os
import random

#: `make soak` sets it; `make check` runs the same loops, shorter.
SOAK = bool(os.environ.get("FAULTS_SOAK"))

#: The seed of every loop. One that failed is run again with FAULTS_SEED=<the printed seed>.
SEED = int(os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1 << 32))


def rounds(check: int, soak: int) -> int:
    """How many rounds a loop makes: few in `make check`, many in `make soak`."""
    return soak if SOAK else check


def dice(name: str) -> random.Random:
    """Random choices of one loop, which its name and the seed decide."""
    print(f"FAULTS_SEED={SEED}  loop: {name}")  # pytest shows it where the loop fails
    return random.Random(f"{SEED}/{name}")
