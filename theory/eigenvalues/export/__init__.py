"""A closed form as source code, and in other papers' conventions."""
