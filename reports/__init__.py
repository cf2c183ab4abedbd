"""The ranking, dashboards and the existing-clients report: reads everything, owns only results."""
