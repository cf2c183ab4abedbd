"""Deals, working groups, documents, handovers and holding programmes: the role model of the source."""
