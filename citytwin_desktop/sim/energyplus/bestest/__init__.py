"""Cases of ASHRAE Standard 140 (BESTEST) through our own input file writer and runner."""
