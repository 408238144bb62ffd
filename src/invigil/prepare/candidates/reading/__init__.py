"""What runs in the sandbox: reading workbooks and pictures that nobody vouches for."""
