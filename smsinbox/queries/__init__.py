"""Questions: every list and figure. Queries never write."""
