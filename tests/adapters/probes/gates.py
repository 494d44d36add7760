"""A DAG that passes a gate of the real operator."""

from airflow.sdk import DAG, chain

from rekap_airflow.endings import verdict
from rekap_airflow.operators.gate import Gate
from rekap_airflow.policy import dag_args

with DAG("probe_gate", schedule=None, **dag_args("now", "staging") | {"deadline": None}):
    chain(Gate(task_id="gate", stages=["staging", "reconciliation"]), verdict(held=True))
