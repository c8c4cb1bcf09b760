"""What the robots and the fixed cameras make of their pictures."""
