"""Client companies, decision-makers, contracts, licences, procurement, facts and interactions."""
