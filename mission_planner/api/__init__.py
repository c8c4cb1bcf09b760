"""HTTP under /api/v1: one router per noun, one place for errors, one for rights."""
