"""What a step talks to: ports, the catalogue of models, and the adapters behind them."""
