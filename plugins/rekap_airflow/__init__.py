"""How Airflow calls Rekap: policy, assets, hooks, operators, notifier. Thin adapters; what is done stands in `rekap`."""
