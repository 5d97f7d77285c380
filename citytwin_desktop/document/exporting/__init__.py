"""What a document gives to the writers of files: values, colours, and notes on where they come from."""
