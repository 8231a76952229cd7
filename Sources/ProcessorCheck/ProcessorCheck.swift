internal import Glibc
internal import Processors
internal import Tensors

/// Ends a program with a sentence on a processor that it was not built for.
///
/// Programs with the tool have it, whatever flags their own main program is compiled with. It runs before
/// `main`, since everything but this module and `Processors` may have instructions that the processor lacks,
/// down to the values of the tool's catalogue; what `Processor` says of generic functions holds here, too.
/// Libraries that other programs load have no such check: they ask for `Processor.misfit`.
@section(".init_array") @used
private let check: @convention(c) () -> Void = {
  guard let misfit = Processor.misfit else { return }
  let sentence = "error: " + misfit + "\n"
  _ = write(STDERR_FILENO, sentence, sentence.utf8.count)
  _exit(1)
}
