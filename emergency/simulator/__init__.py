"""A telephone network in a box: behaves as Twilio does for calls and messages.

Its own process, standard library only. It knows nothing of the product it rings.
"""
