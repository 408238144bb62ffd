"""Who may do what: staff, candidates' credentials, logins, lockout, the policy table."""
