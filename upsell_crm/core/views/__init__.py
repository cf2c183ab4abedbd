"""Pages of the core: signing in, preferences, drafts, jobs, errors, and the gallery of components."""
