"""The rulebook: rules loaded, checked, shut in and run; lots settled; candidates judged."""
