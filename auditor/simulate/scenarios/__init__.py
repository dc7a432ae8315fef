"""What happens to a seller, one module a subject; each registers its scenarios when it is imported."""
