"""The tables and figures that papers of this field contain, each by its name.

Figures are drawn from the rows of tables, so neither can say what the other does not.
"""
