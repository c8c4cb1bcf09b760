"""Between the core and the wire: message conversions, and the name and QoS of every topic."""
