"""What touches foreign libraries, behind the ports."""
