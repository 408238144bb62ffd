"""Sample material for the demo, the browser test and the benchmarks: invented, drawn and written by us."""
