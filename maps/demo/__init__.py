"""Draws the demo site 星河社区 in metres and writes its GeoJSON layers: `python -m maps.demo FOLDER`."""
