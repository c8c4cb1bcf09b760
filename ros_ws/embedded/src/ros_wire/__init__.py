"""The wire of rmw_zenoh: sessions, names, the graph, topics and services, and a router to run in-process."""
