"""A made-up community of any size, to measure and try things on: loaded by COPY beside what is there.

Consistent down to counters, and skewed as life is: few write, fewer are read by many, most look on.
"""
