"""Demo data: the five events, complete, with invented delegates, entered through the services.

What is told stands in `data/*.yaml`; the modules enter it, each thing as of its own day. Everything but the events'
own facts and the public figures who spoke is invented and marked as a specimen.
"""
