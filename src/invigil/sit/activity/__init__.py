"""The operation log of the candidate's page: every step, on the page's clock and on ours (S3.18)."""
