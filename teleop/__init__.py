"""What a person sees of a robot live: one encoder for each camera, WHEP sessions, a part report."""
