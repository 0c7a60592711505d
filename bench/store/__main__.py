"""`python -m store [--events N] [--rounds N] --folder DIR store lookup scan`"""

import argparse

from .data import Data
from .measure import machine
from .stages import STAGES


def main():
    parser = argparse.ArgumentParser(prog="store", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", required=True, help="work folder; what is in it already is used again")
    parser.add_argument("stages", nargs="+", choices=list(STAGES))
    arguments = parser.parse_args()
    print(f"machine: {machine()}", flush=True)
    data = Data(arguments.folder, arguments.events)
    data.make()
    for stage in arguments.stages:
        STAGES[stage](data, arguments.rounds)


if __name__ == "__main__":
    main()
