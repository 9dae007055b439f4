"""The durable part. All of DBOS lives here."""
