"""The renderer behind the bundled pictures: surfaces as lit height fields, products as ray-marched solids."""
