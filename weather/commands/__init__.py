"""Commands for the operator beside `serve`: looks at a running server from outside, and prints files to run it by.

Nothing here is needed to answer a request.
"""
