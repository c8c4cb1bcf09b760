"""What a robot says aloud."""
