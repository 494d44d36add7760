"""One way of reading each: `python -m bench.contenders.NAME basecamp|sheets`, its job as JSON on stdin.

Every contender is a process of its own, so that its peak memory is its own, and writes into a database of its own.
"""
