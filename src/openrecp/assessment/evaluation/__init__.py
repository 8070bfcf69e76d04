"""What an assessment says about its plant: checks, balances, ranked streams, options, economics, results."""
