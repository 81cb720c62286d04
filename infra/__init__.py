"""The Pulumi program: what each stack is made of."""
