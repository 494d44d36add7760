"""Every hand-over between DAGs, in the order of the pipeline. One task per DAG emits its asset (see `endings.emit`)."""

from airflow.sdk import Asset

# extract_basecamp → reconcile_orders: an order, person or comment changed, other than by Rekap's own writing
ORDERS = Asset("staging.orders")
# extract_trackers → reconcile_orders: a tracker row changed
TRACKER_ROWS = Asset("staging.tracker_rows")
# reconcile_orders → raise_incidents, deliver_documentation: links, visits and findings are those of the newest rows
RECONCILED = Asset("reconciliation.visits")
# master_schedule → close_month, with the month as partition key: the month stands before the managers as a draft
MONTH_DELIVERED = Asset("outputs.recap_months")
