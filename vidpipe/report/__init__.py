"""The formatters: results and events become text, tables and JSON here and nowhere else."""
