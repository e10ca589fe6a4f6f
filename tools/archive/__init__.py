"""The same reading over an archive: every article of a folder into five Parquet tables, and what they add up to."""
