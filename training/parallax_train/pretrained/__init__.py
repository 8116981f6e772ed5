"""`mini` from a pretrained image network: frozen backbone, trained heads, and a text side that knows words."""
