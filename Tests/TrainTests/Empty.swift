import Testing

@Test func empty() { #expect(Bool(true)) }
