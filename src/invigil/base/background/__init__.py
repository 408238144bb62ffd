"""The pages' view of background jobs: whose they are, how they go, their files (the engine is platform.jobs)."""
