"""Number and date formats: 1 234 567,00 with no-break spaces and ДД.ММ.ГГГГ (R100)."""
