"""What the measurements stand on: our engine, LangGraph, a watch and a counter."""
