"""The program's commands, as `cli` parses them: `serve` runs the server, the others look at one from outside, or print.

Nothing here is needed to answer a request.
"""
