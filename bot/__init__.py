"""What people see: Slack, the clock, the outbox and the pages."""
