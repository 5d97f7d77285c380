"""The tables of actions, one for each part of the window."""
