"""Engines that the tests of the queue run in worker processes."""
