internal import ParallaxCore
internal import ParallaxHTTP

/// Chroma over REST: a collection a publication, a record an item, a key of its metadata a field.
package enum ChromaEngine: VectorEngine {
  package static let id = "Chroma"
  package static let schemes = ["chroma", "chroma+https"]
  package static let addressForm =
    "chroma://HOST[:PORT][/TENANT/DATABASE], chroma+https://HOST[:PORT][/TENANT/DATABASE]"
  package static let summary =
    "Chroma 1.5 or newer over REST; port 8000 and the default tenant and database where none are named"
  package static let secretRule = "Chroma's token stands in CHROMA_API_KEY"
  package static let options: [EngineOption] = [.connectivity, .construction]

  package static func words(of option: EngineOption) -> String {
    switch option {
    case .connectivity: "2 to 100 neighbours"
    case .construction: "4 to 1000 candidates"
    default: ""
    }
  }

  private static let usual: [EngineOption: String] = [.connectivity: "16", .construction: "100"]
  /// Candidates of a search, which Chroma sets for a collection.
  static let expansion = 100

  package static func settled(
    _ given: EngineOptions, over kept: EngineOptions?, dimension: Int
  ) throws -> EngineOptions {
    try check(given)
    return try keeping(given, over: kept, usual: usual)
  }

  /// Chroma's rule for names.
  package static func check(name: String) throws {
    guard name.utf8.count < 3 || name.hasSuffix("_") else { return }
    throw ParallaxError(
      .unsupported,
      "a collection of Chroma has a name of at least three characters, the last a letter or digit; got '\(name)'",
      hint: "--name chooses another one")
  }

  package static func check(_ filter: EngineFilter) throws {
    _ = try ChromaFilter(filter, PayloadKeys(filter.fields))
  }

  package static func connect(
    to address: EngineAddress, _ environment: EngineEnvironment
  ) async throws -> any EngineConnection {
    let parts = address.path.split(separator: "/", omittingEmptySubsequences: false)
    guard address.user == nil, address.parameters.isEmpty, !address.host.isEmpty,
      address.path.isEmpty || parts.count == 2 && parts.allSatisfy({ isWord($0) })
    else { throw ParallaxError(.invalidValue, "an address of Chroma is \(addressForm)") }
    let wire = EngineWire(
      address, secret: ("x-chroma-token", "CHROMA_API_KEY"), port: 8_000, secretRule: secretRule,
      environment
    ) { $0["message"]?.text }
    guard let version = try await wire.find("GET", "/api/v2/version")?.text else {
      throw ParallaxError.answerless(address.text, "Chroma's version")
    }
    let limits = try await wire.ask("GET", "/api/v2/pre-flight-checks")
    guard let most = limits?["max_batch_size"]?.whole, most > 0 else {
      throw ParallaxError.answerless(address.text, "Chroma's limits")
    }
    let (tenant, database) =
      parts.count == 2 ? (parts[0], parts[1]) : ("default_tenant", "default_database")
    return ChromaCollection(
      wire: wire, version: "Chroma (API \(version))",
      base: "/api/v2/tenants/\(tenant)/databases/\(database)/collections", mostRecords: most)
  }

  private static func isWord(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
      }
  }
}
