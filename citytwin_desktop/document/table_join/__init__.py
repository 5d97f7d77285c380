"""Tables joined to buildings: which row belongs to which, what its cells fill, and a report on all of it."""
