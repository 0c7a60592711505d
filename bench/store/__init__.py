"""The store beside its peers: import, bytes, lookups, scans. `bench/run store lookup scan`."""
