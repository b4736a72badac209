"""Files of finished work, so that a long run goes on where it stopped."""
