"""The offline engine: rules, no language model."""
