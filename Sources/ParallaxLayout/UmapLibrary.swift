private import CUmap
private import ParallaxCore
internal import ParallaxSystem

/// umappp behind its compiled shim, opened at run time.
package final class UmapLibrary: Sendable {
  /// umappp's version, such as `3.2.0`.
  package let version: String
  /// Unsafe only in type: the functions behind it keep no state, the pointer never changes, and it is
  /// released with this object.
  nonisolated(unsafe) let handle: OpaquePointer

  static let search = LibrarySearch(
    "parallax-umap", in: "umap", variables: ["PARALLAX_UMAP"], asksLinker: false,
    image: cumap_own_path().map { String(cString: $0) },
    need: "the method 'umap' needs umappp behind a compiled shim",
    remedy: "take --method pca, or run scripts/setup --map")

  /// Opens the library that a variable names, or the first of some others.
  ///
  /// - Throws: `missing-component` when there is none.
  init(
    named: (variable: String, path: String)?, otherwise candidates: [LibrarySearch.Candidate]
  ) throws {
    handle = try Self.search.first(named: named, otherwise: candidates, Self.open).library.handle
    version = String(cString: cumap_version(handle))
  }

  deinit { cumap_close(handle) }

  /// Whether the library is found in the usual places.
  package static var isAvailable: Bool { (try? shared()) != nil }

  /// The library in the usual places, opened once.
  ///
  /// - Throws: `missing-component` when there is none.
  package static func shared() throws -> UmapLibrary { try usual.get() }

  private static let usual = Result {
    try UmapLibrary(named: search.named, otherwise: search.usualPlaces)
  }

  private struct Opened {
    let handle: OpaquePointer
  }

  private static func open(_ path: String) -> Result<Opened, LibrarySearch.Failure> {
    var opened: OpaquePointer?
    let failure = messageOfFailure { text, capacity in
      cumap_open(path, &opened, cumap_message(text: text, capacity: capacity))
    }
    if let opened, failure == nil { return .success(Opened(handle: opened)) }
    return .failure(LibrarySearch.Failure(failure ?? "no reason was given"))
  }
}
