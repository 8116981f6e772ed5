private import COnnxRuntime
private import ParallaxCore

/// The ONNX Runtime library, opened at run time and kept for the life of the process.
package final class OnnxRuntime: Sendable {
  /// The library's version, such as `1.22.0`.
  package let version: String
  /// The file it was loaded from.
  package let path: String

  /// Opens the first library found.
  ///
  /// - Parameter candidates: files to try before the usual places.
  /// - Throws: `missing-component` when there is none.
  package init(searching candidates: [String] = []) throws {
    throw ParallaxError(.missingComponent, "ONNX Runtime is not installed")
  }

  /// Whether the library is found in the usual places.
  package static var isAvailable: Bool { (try? OnnxRuntime()) != nil }
}
