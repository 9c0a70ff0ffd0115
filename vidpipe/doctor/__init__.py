"""What `vidpipe doctor` looks at: each check is a small function that returns findings, and none of them spends."""
