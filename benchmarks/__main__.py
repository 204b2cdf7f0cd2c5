"""Print every table."""

from benchmarks import live_update, memory, networks

if __name__ == "__main__":
    for part in (networks, live_update, memory):
        print(part.report())
