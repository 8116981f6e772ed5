package import ParallaxCore
package import ParallaxHTTP
package import ParallaxIngest
private import Synchronization

/// Reads pictures that are no files of their own, wherever they are.
package final class PictureSources: PictureReader {
  /// Bytes of a picture that comes over the network, whatever a file may have: all are held in memory.
  package static let largest = 256_000_000
  /// Pictures that are read or decoded at once.
  private static let width = 16
  /// The kinds there are.
  private static let all: [any PictureSource.Type] = [
    AddressSource.self, BucketSource.self, ArchiveSource.self,
  ]

  private let access: SourceAccess
  private let variables: [String: String]
  private let gate = ConcurrencyGate(most: width)

  private struct State {
    var allowsPrivate = false
    var secretAddresses: [String: String] = [:]
  }
  private let state = Mutex(State())
  private let archives = ArchiveShelf()

  /// - Parameters:
  ///   - variables: name the object store and its keys.
  ///   - transports: makes a carrier of requests; one that leads to public addresses only shares no
  ///     connection with another.
  ///   - notify: gets a line about each wait that a person would wonder about.
  package init(
    variables: [String: String] = [:], isOffline: Bool = false, trace: HTTPTrace? = nil,
    secrets: [Secret] = [],
    backOff: BackOff = BackOff(attempts: 4), notify: (@Sendable (String) -> Void)? = nil,
    transports: () -> any HTTPTransport
  ) {
    func client(_ transport: any HTTPTransport) -> HTTPClient {
      HTTPClient(
        transport: transport, backOff: backOff, concurrency: Self.width, trace: trace,
        secrets: secrets, notify: notify)
    }
    self.variables = variables
    access = SourceAccess(
      publicClient: client(transports()), openClient: client(transports()), isOffline: isOffline)
  }

  /// Reads nothing over a network.
  package static var none: PictureSources {
    PictureSources(isOffline: true) { ReplayTransport(folder: "") }
  }

  /// Whether addresses of the web may lead to this machine and private networks.
  package var allowsPrivate: Bool {
    get { state.withLock { $0.allowsPrivate } }
    set { state.withLock { $0.allowsPrivate = newValue } }
  }

  /// Remembers what is asked for instead of some paths, until the program ends.
  package func remember(_ secretAddresses: [String: String]) {
    state.withLock { $0.secretAddresses.merge(secretAddresses) { $1 } }
  }

  package func reads(_ path: String) -> Bool { Self.all.contains { $0.reads(path) } }

  package func withContents<Outcome: Sendable>(
    of path: String, atMost limit: Int,
    _ body: @Sendable ([UInt8]) async throws -> Outcome
  ) async throws -> Outcome {
    let outcome = try await withPicture(at: path, unless: nil, atMost: limit) { bytes, _ in
      try await body(bytes)
    }
    guard let outcome else {
      throw ParallaxError(.internalError, "'\(path)' was asked for and came without bytes")
    }
    return outcome
  }

  /// Does something with the bytes of a picture and the state they are of.
  ///
  /// - Returns: `nil` where the picture is as it was in the state that is known.
  /// - Throws: as ``withContents(of:atMost:_:)``.
  package func withPicture<Outcome: Sendable>(
    at path: String, unless known: PictureState?, atMost limit: Int,
    _ body: @Sendable ([UInt8], PictureState) async throws -> Outcome
  ) async throws -> Outcome? {
    try await gate.whenFree {
      let reply = try await source(of: path).picture(
        at: path, unless: known, atMost: min(limit, Self.largest))
      guard case .picture(let bytes, let state) = reply else { return nil }
      return try await body(bytes, state)
    }
  }

  /// The pictures below a place in a bucket.
  ///
  /// - Parameters:
  ///   - path: `s3://BUCKET/PREFIX`.
  ///   - glob: replaces the test for endings of images.
  ///   - heads: tells by its first bytes whether an object without such an ending is a picture.
  ///   - isKnown: whether an object of a path and tag is known to be a picture.
  /// - Throws: `unreadable-file`, `invalid-value`, `provider`, `cancelled`.
  package func listing(
    ofBucket path: String, matching glob: Glob?, recognizing heads: HeadReader?,
    isKnown: @Sendable (_ path: String, _ tag: String) -> Bool, _ progress: ProgressHandler?
  ) async throws -> SourceListing {
    try await bucketSource().listing(
      of: path, NameSelection(in: path, matching: glob, recognizing: heads), isKnown: isKnown,
      progress)
  }

  private func bucketSource() throws -> BucketSource {
    BucketSource(
      access: access, store: try ObjectStore(client: access.openClient, variables: variables))
  }

  private func source(of path: String) throws -> any PictureSource {
    if BucketSource.reads(path) { return try bucketSource() }
    if ArchiveSource.reads(path) { return ArchiveSource(archives: archives) }
    if AddressSource.reads(path) {
      let state = state.withLock { $0 }
      return AddressSource(
        access: access, allowsPrivate: state.allowsPrivate,
        secretAddress: state.secretAddresses[path])
    }
    throw ParallaxError(.unsupported, "'\(path)' is no picture that can be read")
  }
}
