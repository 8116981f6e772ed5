import FoundationEssentials

// What libFuzzer calls; only the program that scripts/fuzz builds has it.

private let target = {
  let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
  guard let target = FuzzTargets.all.first(where: { $0.name == name }) else {
    fatalError("FUZZ_TARGET is one of \(FuzzTargets.all.map { $0.name }.joined(separator: ", "))")
  }
  return target
}()

/// Runs one input; ends the program where something does not hold.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do { try target.run(Array(UnsafeBufferPointer(start: start, count: count))) } catch {
    fatalError("\(target.name): \(error)")
  }
  return 0
}
