"""Benchmarks: figures that anyone can measure again."""
