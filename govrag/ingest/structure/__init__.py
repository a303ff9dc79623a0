"""From the blocks of a file to the lines and sections of a document."""
