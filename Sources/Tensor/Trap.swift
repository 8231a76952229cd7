/// Ends the process with a sentence about a wrong use of the library.
///
/// The sentence is printed in release builds too, with the caller's place; `preconditionFailure`
/// prints it in debug builds alone.
@inline(never)
public func trap(_ sentence: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  fatalError(sentence, file: file, line: line)
}

/// Traps with a sentence unless a condition holds, in every build.
///
/// The sentence is put together only when it is printed. Loops over elements use `assert`.
@inlinable @inline(__always)
public func ensure(
  _ condition: Bool, _ sentence: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) {
  if _slowPath(!condition) { trap(sentence(), file: file, line: line) }
}
