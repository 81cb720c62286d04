"""What every route is made with: bodies, errors, pages, and the names of securables. No route is here."""
