"""Plain readings of every kind of component: one credit, fractions, `if` and `for`.

They share no table and no number type with the components and are written from the words of the plan, so
that a mistake in either shows. One module per kind of variable pay, with

    due(part, credit, quota, target, minor) -> Fraction

Credit, quota and target incentive are whole minor units; `minor` is minor units per currency unit.
"""
