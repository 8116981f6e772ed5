private import CChafa
internal import ParallaxCore
internal import ParallaxSystem

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// libchafa, opened at run time, for pictures as sixel.
package final class ChafaLibrary: Sendable {
  /// Unsafe only in type: the functions behind it may be called from any thread, the pointer never
  /// changes, and it is released with this object.
  nonisolated(unsafe) private let handle: OpaquePointer

  static let search: LibrarySearch = {
    var search = LibrarySearch(
      "chafa", in: "chafa", variables: ["PARALLAX_CHAFA"], asksLinker: true,
      image: cchafa_own_path().map { String(cString: $0) }, need: "sixel needs libchafa",
      remedy: "install Debian's package libchafa0")
    // The name without a version comes with the headers.
    #if canImport(Darwin)
      search.fileName = "libchafa.0.dylib"
    #else
      search.fileName = "libchafa.so.0"
    #endif
    return search
  }()

  /// Opens the library that a variable names, or the first of some others.
  ///
  /// - Throws: `missing-component` when there is none.
  init(
    named: (variable: String, path: String)?, otherwise candidates: [LibrarySearch.Candidate]
  ) throws {
    handle = try Self.search.first(named: named, otherwise: candidates, Self.open).library.handle
  }

  deinit { cchafa_close(handle) }

  /// The library in the usual places, opened once.
  ///
  /// - Throws: `missing-component` when there is none.
  package static func shared() throws -> ChafaLibrary { try usual.get() }

  private static let usual = Result {
    try ChafaLibrary(named: search.named, otherwise: search.usualPlaces)
  }

  private struct Opened {
    let handle: OpaquePointer
  }

  private static func open(_ path: String) -> Result<Opened, LibrarySearch.Failure> {
    var opened: OpaquePointer?
    let failure = messageOfFailure { text, capacity in
      cchafa_open(path, &opened, cchafa_message(text: text, capacity: capacity))
    }
    if let opened, failure == nil { return .success(Opened(handle: opened)) }
    return .failure(LibrarySearch.Failure(failure ?? "no reason was given"))
  }

  /// Draws a picture at the cursor in its own size, but for the last rows of pixels: the height becomes a
  /// multiple of 6.
  ///
  /// - Throws: `internal-error` when memory runs out.
  func sixel(_ pixels: PixelBuffer) throws -> String {
    var bytes: UnsafeMutablePointer<CChar>?
    var count = 0
    let failure = messageOfFailure { text, capacity in
      cchafa_sixel(
        handle, pixels.bytes, Int32(pixels.width), Int32(pixels.height), &bytes, &count,
        cchafa_message(text: text, capacity: capacity))
    }
    if let failure {
      throw ParallaxError(.internalError, "cannot draw a picture as sixel: \(failure)")
    }
    defer { free(bytes) }
    return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
  }
}
