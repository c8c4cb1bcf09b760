"""From files to well-formed features: documents, properties, coordinates, one reader for each layer."""
