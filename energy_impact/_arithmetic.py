"""Arithmetic as the library means it, whatever the caller has set numpy to."""

from __future__ import annotations

import numpy as np

underflow_is_zero = np.errstate(under="ignore")
"""Decorator of functions in which numbers may become so small that they are zero: `numpy.seterr` may forbid that."""
