"""What people call places besides the names in the gazetteer: tables, and the rules of a language. No text is taken
apart here."""
