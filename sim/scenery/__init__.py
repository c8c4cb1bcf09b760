"""What the simulated cameras see: textures, models and the stage they stand on. Panda3D is imported only in here."""
