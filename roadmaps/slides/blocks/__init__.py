"""A file per family of blocks: what of the snapshot stands where on its slides."""
