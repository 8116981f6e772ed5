internal import ParallaxCore
internal import ParallaxHTTP

/// Qdrant over REST: a collection a publication, a point an item, a payload key a field.
package enum QdrantEngine: VectorEngine {
  package static let id = "Qdrant"
  package static let schemes = ["qdrant", "qdrant+https"]
  package static let addressForm = "qdrant://HOST[:PORT], qdrant+https://HOST[:PORT]"
  package static let summary = "Qdrant 1.16 or newer over REST; port 6333 where none is named"
  package static let secretRule = "Qdrant's key stands in QDRANT_API_KEY"
  package static let options: [EngineOption] = [
    .connectivity, .construction, .shards, .replicas, .quantization, .onDisk,
  ]

  package static func words(of option: EngineOption) -> String {
    switch option {
    case .connectivity: "2 to 100 neighbours"
    case .construction: "4 to 1000 candidates"
    case .shards: "1 to 1000 parts"
    case .replicas: "1 to 100 copies"
    case .quantization: "none, scalar or binary"
    case .onDisk: "vectors stay on the disk"
    default: ""
    }
  }

  private static let usual: [EngineOption: String] = [
    .connectivity: "16", .construction: "100", .shards: "1", .replicas: "1",
    .quantization: "none", .onDisk: "no",
  ]
  /// Qdrant's limit.
  private static let mostDimensions = 65_536

  package static func settled(
    _ given: EngineOptions, over kept: EngineOptions?, dimension: Int
  ) throws -> EngineOptions {
    try check(given)
    let option = EngineOption.quantization
    if let value = given[option], !["none", "scalar", "binary"].contains(value) {
      throw ParallaxError(
        .unsupported, "Qdrant's --\(option.rawValue) is \(Self.words(of: option)); got '\(value)'",
        parameter: option.parameter)
    }
    guard dimension <= mostDimensions else {
      throw ParallaxError(
        .unsupported,
        "Qdrant stores at most \(mostDimensions) dimensions; the space has \(dimension)",
        hint: "'project' makes a space of fewer")
    }
    return try keeping(given, over: kept, usual: usual)
  }

  package static func check(name: String) throws {}

  package static func check(_ filter: EngineFilter) throws {
    _ = try QdrantFilter(filter, PayloadKeys(filter.fields))
  }

  package static func connect(
    to address: EngineAddress, _ environment: EngineEnvironment
  ) async throws -> any EngineConnection {
    guard address.path.isEmpty, address.user == nil, address.parameters.isEmpty,
      !address.host.isEmpty
    else { throw ParallaxError(.invalidValue, "an address of Qdrant is \(addressForm)") }
    let wire = EngineWire(
      address, secret: ("api-key", "QDRANT_API_KEY"), port: 6_333, secretRule: secretRule,
      environment
    ) { $0["status"]?["error"]?.text }
    return QdrantCollection(wire: wire, version: try await version(of: wire))
  }

  /// - Returns: such as `Qdrant 1.16.0`.
  private static func version(of wire: EngineWire) async throws -> String {
    let reply = try await wire.ask("GET", "/")
    guard let version = reply?["version"]?.text, reply?["title"]?.text?.contains("drant") == true
    else { throw ParallaxError.answerless(wire.address.text, "Qdrant's greeting") }
    let parts = version.split { $0 == "." || $0 == "-" }.prefix(2).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
      throw ParallaxError.answerless(wire.address.text, "Qdrant's version")
    }
    guard (major, minor) >= (1, 16) else {
      throw ParallaxError(
        .unsupported, "'\(wire.address.text)' is Qdrant \(version); publishing takes 1.16 or newer",
        hint: "an older one would not keep whose the collection is")
    }
    return "Qdrant \(version)"
  }
}
