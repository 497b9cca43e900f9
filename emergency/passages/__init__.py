"""The passages that an operator may word otherwise: customers' pages, messages, pages.

Each has the product's own words in every language as its default. Not among them, for
nobody may change them: the order button (FAGG § 8), the declarations and instructions
of the law, prices, what is said about errors, and how a page is answered.
"""
