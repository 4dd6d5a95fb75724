"""Files of a run: saved estimates, the folder of a run, formats of other libraries."""
