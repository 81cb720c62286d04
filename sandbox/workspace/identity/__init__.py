"""Who exists, by SCIM, and the records of what each may do. The routes that change those records are in `access`."""
