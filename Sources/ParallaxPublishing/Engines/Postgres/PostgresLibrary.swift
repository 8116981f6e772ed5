private import CPostgres
internal import ParallaxCore
internal import ParallaxSystem

/// libpq, opened at run time.
final class PostgresLibrary: Sendable {
  /// Unsafe only in type: the functions behind it may be called from any thread, the pointer never
  /// changes, and it is released with this object.
  nonisolated(unsafe) let handle: OpaquePointer

  static let search: LibrarySearch = {
    var search = LibrarySearch(
      "pq", in: "postgres", variables: ["PARALLAX_LIBPQ"], asksLinker: true,
      image: cpostgres_own_path().map { String(cString: $0) },
      need: "an engine at 'postgres://' needs libpq", remedy: "install Debian's package libpq5")
    // The name without a version comes with the headers.
    #if canImport(Darwin)
      search.fileName = "libpq.5.dylib"
    #else
      search.fileName = "libpq.so.5"
    #endif
    return search
  }()

  /// - Throws: `missing-component` when there is none.
  init(
    named: (variable: String, path: String)?, otherwise candidates: [LibrarySearch.Candidate]
  ) throws {
    handle = try Self.search.first(named: named, otherwise: candidates, Self.open).library.handle
  }

  deinit { cpostgres_close(handle) }

  /// The library in the usual places, opened once.
  ///
  /// - Throws: `missing-component` when there is none.
  static func shared() throws -> PostgresLibrary { try usual.get() }

  private static let usual = Result {
    try PostgresLibrary(named: search.named, otherwise: search.usualPlaces)
  }

  private struct Opened {
    let handle: OpaquePointer
  }

  private static func open(_ path: String) -> Result<Opened, LibrarySearch.Failure> {
    var opened: OpaquePointer?
    let failure = messageOfFailure { text, capacity in
      cpostgres_open(
        path, &opened, cpostgres_message(text: text, capacity: capacity, state: nil))
    }
    if let opened, failure == nil { return .success(Opened(handle: opened)) }
    return .failure(LibrarySearch.Failure(failure ?? "no reason was given"))
  }
}
