"""Teams: direct, partner and overlay, each with a part of the goal, or a goal of its own beside it."""
