"""What other tools found: their exports read into one value, kept with the papers, judged by our own checks at the close of a cycle."""
