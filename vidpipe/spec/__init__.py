"""What a job file says: specs, settings and storyboards, read without trust and checked with places."""
