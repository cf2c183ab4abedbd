"""The content of the presentation for the client: one module per block reads facts, `snapshot` puts them together.

Only words that the client may read: no objections, attitudes, strengths, notes or titles of our tasks (decision 0057).
"""
