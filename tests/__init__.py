"""All tests: unit (mirrors the tree), contract, scenario, browser, bench."""
