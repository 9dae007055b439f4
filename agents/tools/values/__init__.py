"""The rules that find values in text, one module a kind; `agents.tools.extract` joins them."""
