"""What the tables of an archive add up to: the functions of notebook 06."""
