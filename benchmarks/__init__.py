"""Speed, and references for tests; a package, so that an installed `benchmarks` cannot shadow it."""
