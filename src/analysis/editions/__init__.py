"""Editions: the book about another country, one or hundreds of them, beside each other on one site."""
