"""Use cases of accounts, split by what is done: doors, logins, staff, candidates' credentials."""
