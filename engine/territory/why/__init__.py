"""Why: next best territories, shadow prices, and what locks cost."""
