"""Rekap: the records of a field-service business, turned into one truthful monthly account.

The stages, in order: raw → staging → reconciliation → outputs, with ops for bookkeeping.
Nothing in this package imports Airflow.
"""
