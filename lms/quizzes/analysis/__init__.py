"""How a paper and its questions measured: classical figures, Rasch and two-parameter models, groups; pure, on numpy.

Everything takes `Responses`, persons × items of shares from 0 to 1 with NaN where an item was not put to a person, and
refuses with `RuleBroken` where the numbers would say nothing: `LEAST_PERSONS` and its like stand with each part.
"""

import os

# A server has a process for each core already; numpy's own threads would spin beside them for matrices this small.
# It is read when numpy is first imported, which is in the modules of this package.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
