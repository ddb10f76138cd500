"""How whoever runs this server for others is growing: revenue, customers, retention, forecasts.

Law: every figure is computed from events (`events` has their format), none is typed in, and the same events give the same figures
whatever order they came in. A book of events that were made up says so wherever it is shown. Figures are of organisations and of
sums: nothing here tells of one person. Nothing here is in the way of signing in, joining or media: the computing runs in a process of
its own.
"""
