"""What a change of stack files will do, in words that a reviewer decides by."""
