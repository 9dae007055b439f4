"""The one door to language models, and the offline engine behind the same door."""
