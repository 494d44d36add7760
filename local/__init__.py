"""What `make` calls: set-up, the embedded Postgres, Airflow's processes, the demo and its truth check."""
