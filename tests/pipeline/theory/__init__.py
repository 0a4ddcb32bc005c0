"""The simulator against theory: worlds whose answer is known exactly, said as a `pipeline:` block.

Acceptance: seeds are fixed, replications were chosen before the first run, and a figure is refused where it lies more
than four standard errors from theory, |z| > 4 (6 in 100,000 for a right one). What theory says for every single path is
held exactly. `python -m tests.pipeline.theory` prints every figure; `--seed` tries fresh draws.
"""
