"""What the cells and the header of a column show it to hold: persons, yes and no, deeds, counts in words."""
