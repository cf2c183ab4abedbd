"""Deals, working groups, documents, handovers and holding programmes (issue "Deals as a team sport")."""
