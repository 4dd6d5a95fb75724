"""Write the priors that each real event is to be forecast with: those learned without its utility or outage.

    python benchmarks/left_out.py FOLDER... --out FILE

The folders are those that `real_events.py` reads. The file is JSON, {event: priors as `ei.Scenario` takes them}, for
scorers that take the priors of each event.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from event_groups import priors_without
from real_events import LEARNED, events


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    learned = json.loads(LEARNED.read_text(encoding="utf-8"))
    found = {event.name: priors_without(learned, event.name, event.kind) for event in events(args.folders)}
    args.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} events")


if __name__ == "__main__":
    main()
