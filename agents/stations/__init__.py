"""One task at work: brief, agent loop, checks, review, handoff."""
