"""Papers: blueprints, random assembly, proof, two-person lock, papers sealed until the sitting starts."""
