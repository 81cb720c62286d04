"""Who may do what: access lists turned into grants and permission levels. Who exists is not decided here."""
