"""From the text of an article to candidate figures, each with its place in the text and a confidence."""
