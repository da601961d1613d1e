"""The English text: its values, the policies that it is in."""
