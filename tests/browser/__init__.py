"""Stories in real Chromium against a live server (marker `browser`, ./crm test --browser)."""
