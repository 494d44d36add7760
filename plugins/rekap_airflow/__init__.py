"""How Airflow calls Rekap: policy, assets, hooks, operators, notifier. What is done stands in `rekap`."""
