"""Languages: messages, numbers and times as people write them, sentences made of values. Here is no HTML."""
