"""What files can do, by what it is done to: arriving files, kept ones."""
