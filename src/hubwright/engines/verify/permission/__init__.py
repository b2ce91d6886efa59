"""
Over-permission: what a firewall lets out, less what is known to be needed, on whole sets.

`grants` is what rules name, `demands` who is known to need what, `wanted` which of it a rule may
serve; `excess` is the difference, `beyond` says it in words, and `listing` goes through an estate.
"""
