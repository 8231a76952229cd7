import AtomFlowTool

Tool(catalog: .standard.adding(MessagePassing.self).adding(Dipole.self)).main()
