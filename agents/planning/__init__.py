"""From a request to a checked plan, and from a plan to its next moves."""
