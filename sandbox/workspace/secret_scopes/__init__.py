"""Secret scopes: their ACLs, the values in them, and who may read these. Values are encrypted before they are kept."""
