"""What git knows of a pin, and the commit that holds a new one."""
