"""Who stands where: the rules and the solvers, on plain values. Knows no Django and no database.

``Instance`` is the problem, an ``Assignment`` (id of the applicant → id of the stand) an answer. Heavy libraries are imported inside
functions, so that importing this package costs a web worker nothing.
"""
