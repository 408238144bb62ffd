"""Pure rules of exports: who may have what, safe cells, tables, marks."""
