"""A report in the formats of others: OCSF, OSCAL and a sheet of CAIQ answers. Made of the report alone: a replay makes them again."""
