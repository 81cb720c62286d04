"""The Pulumi program: what each stack is made of. `program` composes it; each folder is one part."""
