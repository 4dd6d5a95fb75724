"""Speed, and what a test compares the library with; a package, so that no installed `benchmarks` hides it."""
