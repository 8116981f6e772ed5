internal import ParallaxCore
internal import ParallaxHTTP

/// Milvus over gRPC: a collection a publication, a row an item, a column a field.
package enum MilvusEngine: VectorEngine {
  package static let id = "Milvus"
  package static let schemes = ["milvus", "milvus+https"]
  package static let addressForm =
    "milvus://HOST[:PORT][/DATABASE], milvus+https://HOST[:PORT][/DATABASE]"
  package static let summary =
    "Milvus 2.5 or newer, or Milvus Lite's server, over gRPC; port 19530 and the default database where none are named"
  package static let secretRule = "Milvus's token (USER:PASSWORD or a key) stands in MILVUS_TOKEN"
  package static let options: [EngineOption] = [.index, .connectivity, .construction, .lists]

  package static func words(of option: EngineOption) -> String {
    switch option {
    case .index: MilvusIndex.words
    case .connectivity:
      "2 to 100 neighbours (hnsw), parts of a vector that divide its dimension (ivfpq)"
    case .construction: "4 to 1000 candidates (hnsw)"
    case .lists: "1 to 32768 (ivfflat, ivfsq8, ivfpq)"
    default: ""
    }
  }

  /// Milvus's limit.
  private static let mostDimensions = 32_768

  package static func settled(
    _ given: EngineOptions, over kept: EngineOptions?, dimension: Int
  ) throws -> EngineOptions {
    try check(given)
    guard dimension <= mostDimensions else {
      throw ParallaxError(
        .unsupported,
        "Milvus stores at most \(mostDimensions) dimensions; the space has \(dimension)",
        hint: "'project' makes a space of fewer")
    }
    let named = given[.index] ?? kept?[.index] ?? MilvusIndex.hnsw.rawValue
    guard let index = MilvusIndex(rawValue: named) else {
      throw ParallaxError(
        .unsupported, "Milvus's --index is \(MilvusIndex.words); got '\(named)'",
        parameter: EngineOption.index.parameter)
    }
    let usual = index.usual(dimension: dimension)
    if let other = given.given.first(where: { $0 != .index && usual[$0] == nil }) {
      throw ParallaxError(
        .unsupported, "--\(other.rawValue) does not go with --index \(named)",
        parameter: other.parameter)
    }
    let options = try keeping(given, over: kept, usual: usual)
    if index == .ivfpq, let parts = options.number(.connectivity), !dimension.isMultiple(of: parts)
    {
      throw ParallaxError(
        .unsupported,
        "with --index ivfpq --m divides the dimension of the space (\(dimension)); got \(parts)",
        parameter: EngineOption.connectivity.parameter)
    }
    return options
  }

  package static func check(name: String) throws {}

  package static func check(_ filter: EngineFilter) throws {
    _ = try MilvusFilter(filter, MilvusColumns(filter.fields))
  }

  package static func connect(
    to address: EngineAddress, _ environment: EngineEnvironment
  ) async throws -> any EngineConnection {
    let isWord = address.path.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == UInt8(ascii: "_")
    }
    guard address.user == nil, address.parameters.isEmpty, !address.host.isEmpty, isWord else {
      throw ParallaxError(.invalidValue, "an address of Milvus is \(addressForm)")
    }
    let wire = MilvusWire(address, environment)
    let reply = try await wire.ask("GetVersion", ProtobufWriter())
    guard let version = try? MilvusNumber.text(2, in: reply) else {
      throw ParallaxError.answerless(address.text, "Milvus's version")
    }
    let lite = "milvus_lite-"
    if version.hasPrefix(lite) {
      return MilvusCollection(
        wire: wire, version: "Milvus Lite \(version.dropFirst(lite.count))", isLite: true)
    }
    try check(version: version, address)
    return MilvusCollection(
      wire: wire, version: "Milvus \(version.drop { $0 == "v" })", isLite: false)
  }

  private static func check(version: String, _ address: EngineAddress) throws {
    // A service of others says more than the number.
    let parts = version.drop { !("0"..."9").contains($0) }
      .split { !("0"..."9").contains($0) }.prefix(2).map { Int($0) }
    guard parts.count == 2, let major = parts[0], let minor = parts[1] else {
      throw ParallaxError.answerless(address.text, "Milvus's version")
    }
    guard (major, minor) >= (2, 5) else {
      throw ParallaxError(
        .unsupported,
        "'\(address.text)' is Milvus \(version); publishing takes 2.5 or newer",
        hint: "an older one has no column that may be without a value")
    }
  }
}

/// The kinds of index that a publication may have.
enum MilvusIndex: String, CaseIterable {
  case hnsw, ivfflat, ivfsq8, ivfpq, diskann, none

  static let words = "hnsw, ivfflat, ivfsq8, ivfpq, diskann or none"

  /// As Milvus names it.
  var type: String {
    switch self {
    case .hnsw: "HNSW"
    case .ivfflat: "IVF_FLAT"
    case .ivfsq8: "IVF_SQ8"
    case .ivfpq: "IVF_PQ"
    case .diskann: "DISKANN"
    case .none: "FLAT"
    }
  }

  /// - Throws: `unsupported` for what Milvus Lite takes, never builds, and cannot load again.
  static func checkLite(_ options: EngineOptions) throws(ParallaxError) {
    guard let kind = options[.index], kind == ivfpq.rawValue || kind == diskann.rawValue else {
      return
    }
    throw ParallaxError(
      .unsupported, "Milvus Lite builds no index of the kind \(kind)",
      hint: "it has hnsw, ivfflat and ivfsq8; --index none compares every row",
      parameter: EngineOption.index.parameter)
  }

  var isOfLists: Bool { self == .ivfflat || self == .ivfsq8 || self == .ivfpq }

  /// Candidates kept, or lists looked through, where a question names no number.
  static let (expansion, probes) = (100, 10)
  private static let mostExpansion = 32_768

  /// The options that it has, with what is usual.
  func usual(dimension: Int) -> [EngineOption: String] {
    var options: [EngineOption: String] = [.index: rawValue]
    if self == .hnsw {
      options[.connectivity] = "16"
      options[.construction] = "100"
    }
    if isOfLists { options[.lists] = "100" }
    if self == .ivfpq {
      // Eight numbers a code where that divides.
      let parts = (1...min(100, max(1, dimension / 8))).last { dimension.isMultiple(of: $0) }
      options[.connectivity] = String(parts ?? 1)
    }
    return options
  }

  /// What it is built with, as JSON.
  func building(_ options: EngineOptions) -> String {
    let (parts, lists) = (options.number(.connectivity) ?? 16, options.number(.lists) ?? 100)
    return switch self {
    case .hnsw: "{\"M\":\(parts),\"efConstruction\":\(options.number(.construction) ?? 100)}"
    case .ivfflat, .ivfsq8: "{\"nlist\":\(lists)}"
    case .ivfpq: "{\"nlist\":\(lists),\"m\":\(parts),\"nbits\":8}"
    case .diskann, .none: "{}"
    }
  }

  /// How an index is searched.
  struct Search: Sendable, Hashable {
    /// For Milvus.
    var json: String
    /// For a person.
    var words: String
    /// Whether nothing more would be found by looking further.
    var isWidest: Bool
  }

  /// - Parameters:
  ///   - count: of the hits that are asked for.
  ///   - factor: how much further than usual it looks.
  /// - Throws: `unsupported`, about the option of a question that it does not have.
  func searching(
    _ question: EngineQuestion, count: Int, _ options: EngineOptions, widerBy factor: Int = 1
  ) throws(ParallaxError) -> Search {
    if question.isExact, self != .none {
      throw refusal("exact", "--index none makes a publication that every search compares whole")
    }
    let hasExpansion = self == .hnsw || self == .diskann
    if question.expansion != nil, !hasExpansion {
      throw refusal("ef", "leave it out")
    }
    if question.probes != nil, !isOfLists { throw refusal("probes", "leave it out") }
    // Fewer than there are to be hits would be refused.
    let usual = max(question.expansion ?? Self.expansion, count)
    let width = max(usual, min(usual * factor, Self.mostExpansion))
    let isWidest = width >= Self.mostExpansion
    switch self {
    case .hnsw:
      return Search(json: "{\"ef\":\(width)}", words: "hnsw, ef \(width)", isWidest: isWidest)
    case .diskann:
      return Search(
        json: "{\"search_list\":\(width)}", words: "diskann, ef \(width)", isWidest: isWidest)
    case .ivfflat, .ivfsq8, .ivfpq:
      let lists = options.number(.lists) ?? 100
      let probes = min((question.probes ?? Self.probes) * factor, lists)
      return Search(
        json: "{\"nprobe\":\(probes)}", words: "\(rawValue), probes \(probes)",
        isWidest: probes == lists)
    case .none: return Search(json: "{}", words: "exact", isWidest: true)
    }
  }

  private func refusal(_ option: String, _ hint: String) -> ParallaxError {
    ParallaxError(
      .unsupported, "Milvus has no --\(option) for a question to an index of the kind \(rawValue)",
      hint: hint, parameter: ParallaxError.Parameter(name: option))
  }
}
