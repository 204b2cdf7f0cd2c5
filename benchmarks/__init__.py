"""Side-by-side timings of the library and its peers: `python -m benchmarks`, or `make bench`."""
