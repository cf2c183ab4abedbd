"""The presentation for the client as slides: laid out once, written as PPTX, HTML and PDF (R58)."""
