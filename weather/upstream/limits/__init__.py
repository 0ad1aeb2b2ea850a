"""May upstream be asked: quotas as they are charged, circuit breakers, and the admission that asks them both.

No call is made here.
"""
