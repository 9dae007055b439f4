"""What people receive as files."""
