"""Balances of material: closure of what enters against what leaves and stays."""
