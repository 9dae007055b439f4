"""What Jidoka says in Slack. PURE: rows in, Block Kit out; limits and escaping are here and nowhere else."""
