"""Operators that Airflow lacks."""
