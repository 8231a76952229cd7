print("AtomFlow")
