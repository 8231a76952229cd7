import AtomFlowTool

Tool().main()
