"""What does the work: planning, stations, models, tools and the engine that makes them durable."""
