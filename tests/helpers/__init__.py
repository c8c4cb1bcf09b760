"""What tests share: waiting on a condition, free ports, processes that end with the test."""
