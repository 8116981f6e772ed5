/// Calls a C function with room for a message; `nil` when it returns 0.
package func messageOfFailure(
  _ call: (UnsafeMutablePointer<CChar>, Int) -> Int32
) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
    guard let text = buffer.baseAddress else { return "out of memory" }
    text.initialize(repeating: 0, count: buffer.count)
    return call(text, buffer.count) == 0 ? nil : String(cString: text)
  }
}
