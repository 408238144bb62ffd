"""What every wing stands on: who may do what (accounts), and what was done (audit)."""
