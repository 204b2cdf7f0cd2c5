"""Print every table."""

from benchmarks import networks

if __name__ == "__main__":
    print(networks.report())
