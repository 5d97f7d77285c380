"""What can be concluded from results: arrays in, arrays out; nothing is run, read or stored here."""
