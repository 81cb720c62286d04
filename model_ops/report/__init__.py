"""What all stacks serve, and served, as one page that needs neither network nor script."""
