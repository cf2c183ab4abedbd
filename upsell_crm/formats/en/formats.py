"""English formats; dates are unambiguous for readers on both sides of the Atlantic."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d M Y H:i"
TIME_FORMAT = "H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
