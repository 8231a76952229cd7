import AtomFlowTool
import AuthorModels

Tool(catalog: .author).main()
