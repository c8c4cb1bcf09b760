"""What the API shows: one file per noun, the model beside the function that fills it."""
