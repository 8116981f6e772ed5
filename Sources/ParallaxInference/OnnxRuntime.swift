private import COnnxRuntime
private import ParallaxCore

/// The ONNX Runtime library, opened at run time.
package final class OnnxRuntime: Sendable {
  /// The library's version, such as `1.22.0`.
  package let version: String
  /// The file it was loaded from, or the name the dynamic linker found it by.
  package let path: String
  /// Unsafe only in type: the library's environment may be used from any thread,
  /// the pointer never changes, and it is released after the last session, which
  /// holds this object.
  nonisolated(unsafe) let handle: OpaquePointer

  /// Opens the first library found.
  ///
  /// - Throws: `missing-component` when there is none.
  package convenience init() throws {
    try self.init(named: OnnxLibrary.named, otherwise: OnnxLibrary.usualPlaces)
  }

  /// Opens the library that a variable names, or the first of some others.
  init(
    named: (variable: String, path: String)?, otherwise candidates: [OnnxLibrary.Candidate]
  ) throws {
    if let named {
      switch Self.open(named.path) {
      case .success(let opened): (handle, path) = (opened.handle, named.path)
      case .failure(let reason):
        throw ParallaxError(
          .missingComponent,
          "'\(named.variable)' names '\(named.path)', which cannot be opened: \(reason.text)",
          hint: "unset it and run scripts/setup")
      }
    } else {
      (handle, path) = try Self.first(of: candidates)
    }
    version = String(cString: cort_version(handle))
  }

  deinit { cort_close(handle) }

  /// The library, which is looked for when it is first needed.
  package final class Opening: Sendable {
    private let runtime: Lazy<OnnxRuntime>

    fileprivate init(_ make: @escaping @Sendable () throws -> OnnxRuntime) { runtime = Lazy(make) }

    /// Looks for it now.
    ///
    /// - Throws: `missing-component` when there is none.
    @concurrent package func open() async throws { _ = try runtime.get() }

    func get() throws -> OnnxRuntime { try runtime.get() }
  }

  package static func opening() -> Opening { Opening { try OnnxRuntime() } }

  /// Whether the library is found in the usual places.
  package static var isAvailable: Bool { (try? shared()) != nil }

  /// The library in the usual places, opened once.
  ///
  /// - Throws: `missing-component` when there is none.
  package static func shared() throws -> OnnxRuntime { try usual.get() }

  private static let usual = Result { try OnnxRuntime() }

  private struct Reason: Error {
    let text: String
  }

  private struct Opened {
    let handle: OpaquePointer
  }

  private static func first(
    of candidates: [OnnxLibrary.Candidate]
  ) throws -> (OpaquePointer, String) {
    var refusals: [String] = []
    for candidate in candidates {
      if let refusal = candidate.refusal {
        refusals.append("'\(candidate.path)' was not opened: \(refusal)")
        continue
      }
      switch open(candidate.path) {
      case .success(let opened): return (opened.handle, candidate.path)
      case .failure(let reason):
        if candidate.path.contains("/") { refusals.append("'\(candidate.path)': \(reason.text)") }
      }
    }
    let tried = refusals.isEmpty ? "" : "; \(refusals.joined(separator: "; "))"
    throw ParallaxError(
      .missingComponent, "local models need ONNX Runtime, which was not found\(tried)",
      hint: "run scripts/setup, or name the library in PARALLAX_ONNXRUNTIME")
  }

  private static func open(_ path: String) -> Result<Opened, Reason> {
    var opened: OpaquePointer?
    let failure = messageOfFailure { text, capacity in
      cort_open(path, &opened, cort_message(text: text, capacity: capacity))
    }
    if let opened, failure == nil { return .success(Opened(handle: opened)) }
    return .failure(Reason(text: failure ?? "no reason was given"))
  }
}

/// Calls a C function with room for a message; `nil` when it returns 0.
func messageOfFailure(_ call: (UnsafeMutablePointer<CChar>, Int) -> Int32) -> String? {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
    guard let text = buffer.baseAddress else { return "out of memory" }
    text.initialize(repeating: 0, count: buffer.count)
    return call(text, buffer.count) == 0 ? nil : String(cString: text)
  }
}
