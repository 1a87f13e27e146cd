"""Words for people, in English and Japanese, where more than one page shows them."""
