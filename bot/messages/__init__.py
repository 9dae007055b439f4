"""Pure: rows in, Block Kit out."""
