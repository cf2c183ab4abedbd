"""`./crm bench`: one table of ratios, all measured within one run on one machine."""
