"""Plain readings of every kind of component: one credit, fractions, `if` and `for`.

They share no table and no number type with the components and are written from the words of the plan, so
that a mistake in either shows. One module per kind of variable pay, with

    earned(part, person) -> list of minor units, one per period

or, where what one earns depends on others of the plan (`together`), for all its people at once,

    earned_together(part, people) -> such a list for each person
"""
