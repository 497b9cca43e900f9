"""The passages of the customers' pages that an operator may word otherwise.

Each has the product's own words in every language as its default. Not among them, for
nobody may change them: the order button (FAGG § 8), the declarations and instructions
of the law, prices, and what is said about errors.
"""
