"""How the sample companies are made: places are real, everything else is drawn from keyed random numbers."""
