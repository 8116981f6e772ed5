private import COnnxRuntime
private import ParallaxCore
internal import ParallaxSystem

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

  static let search = LibrarySearch(
    "onnxruntime", in: "onnxruntime", variables: ["PARALLAX_ONNXRUNTIME", "ORT_DYLIB_PATH"],
    asksLinker: true, image: cort_own_path().map { String(cString: $0) },
    need: "local models need ONNX Runtime", remedy: "run scripts/setup")

  /// Opens the first library found.
  ///
  /// - Throws: `missing-component` when there is none.
  package convenience init() throws {
    try self.init(named: Self.search.named, otherwise: Self.search.usualPlaces)
  }

  /// Opens the library that a variable names, or the first of some others.
  init(
    named: (variable: String, path: String)?, otherwise candidates: [LibrarySearch.Candidate]
  ) throws {
    let found = try Self.search.first(named: named, otherwise: candidates, Self.open)
    (handle, path) = (found.library.handle, found.path)
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

  private struct Opened {
    let handle: OpaquePointer
  }

  private static func open(_ path: String) -> Result<Opened, LibrarySearch.Failure> {
    var opened: OpaquePointer?
    let failure = messageOfFailure { text, capacity in
      cort_open(path, &opened, cort_message(text: text, capacity: capacity))
    }
    if let opened, failure == nil { return .success(Opened(handle: opened)) }
    return .failure(LibrarySearch.Failure(failure ?? "no reason was given"))
  }
}
