"""The one file that Airflow's plugin loader reads. Pages are registered here; DAGs import rekap_airflow."""

from airflow.plugins_manager import AirflowPlugin


class RekapPlugin(AirflowPlugin):
    name = "rekap"
