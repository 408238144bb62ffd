"""Pure rules of papers: feasibility, allotment, dealing, encoding, rendering, sealing states."""
