"""The site model: GeoJSON and YAML files of a community, checked and loaded, and compiled for those who read maps."""

from maps.loader import load_site, site_folder, site_names
from maps.problems import SiteProblems

__all__ = ["SiteProblems", "load_site", "site_folder", "site_names"]
