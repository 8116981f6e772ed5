"""Trains the embedded model `mini`: a small text/image dual encoder, from random initialisation."""
