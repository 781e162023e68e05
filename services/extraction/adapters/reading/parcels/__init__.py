"""Files that hold documents: archives and e-mails, opened to see what there is to read in them."""
