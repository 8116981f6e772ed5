internal import ParallaxCore
internal import ParallaxHTTP

/// PostgreSQL with the extension pgvector: a table a publication, a row an item, a column a field.
package enum PostgresEngine: VectorEngine {
  package static let id = "pgvector"
  package static let schemes = ["postgres", "postgresql"]
  package static let addressForm = "postgres://[USER@]HOST[:PORT]/DATABASE[?sslmode=…]"
  package static let summary = "PostgreSQL with the extension pgvector 0.8 or newer"
  package static let secretRule =
    "PostgreSQL's password stands in PGPASSWORD or in the file ~/.pgpass"
  package static let options: [EngineOption] = [
    .type, .index, .connectivity, .construction, .lists, .partition,
  ]

  package static func words(of option: EngineOption) -> String {
    switch option {
    case .type: "vector or halfvec (16-bit)"
    case .index: "hnsw, ivfflat or none"
    case .connectivity: "2 to 100 neighbours (hnsw)"
    case .construction: "4 to 1000 candidates, at least twice --m (hnsw)"
    case .lists: "1 to 32768 (ivfflat)"
    case .partition: "a table of several collections, of which each is a partition"
    default: ""
    }
  }

  /// pgvector's limits, of a column and of an index on it.
  private static let mostStored = 16_000
  private static func mostIndexed(_ type: String) -> Int { type == "halfvec" ? 4_000 : 2_000 }

  package static func settled(
    _ given: EngineOptions, over kept: EngineOptions?, dimension: Int
  ) throws -> EngineOptions {
    try check(given)
    var options = kept ?? EngineOptions([.type: "vector", .index: "hnsw"])
    for option in given.given { options[option] = given[option] }
    if let kept, let type = kept[.type], type != options[.type] {
      throw ParallaxError(
        .unsupported, "what is published there has --type \(type), and a column keeps its type",
        hint: "'drop publication' removes it; --name chooses another table",
        parameter: EngineOption.type.parameter)
    }
    try checkPartition(given[.partition], over: kept)
    let (type, index) = (options[.type] ?? "vector", options[.index] ?? "hnsw")
    guard ["vector", "halfvec"].contains(type) else {
      throw choice(.type, "vector or halfvec", type)
    }
    guard ["hnsw", "ivfflat", "none"].contains(index) else {
      throw choice(.index, "hnsw, ivfflat or none", index)
    }
    guard dimension <= mostStored else {
      throw ParallaxError(
        .unsupported,
        "pgvector stores at most \(mostStored) dimensions; the space has \(dimension)",
        hint: "'project' makes a space of fewer")
    }
    guard index == "none" || dimension <= mostIndexed(type) else {
      let other = type == "vector" && dimension <= mostIndexed("halfvec")
      throw ParallaxError(
        .unsupported,
        "pgvector indexes at most \(mostIndexed(type)) dimensions of --type \(type); the space has \(dimension)",
        hint: (other ? "--type halfvec takes up to \(mostIndexed("halfvec")); " : "")
          + "--index none compares every row; 'project' makes a space of fewer",
        parameter: EngineOption.index.parameter)
    }
    let own: [String: [EngineOption]] = [
      "hnsw": [.connectivity, .construction], "ivfflat": [.lists], "none": [],
    ]
    for option in [EngineOption.connectivity, .construction, .lists]
    where !(own[index] ?? []).contains(option) {
      guard given[option] == nil else {
        throw ParallaxError(
          .unsupported, "--\(option.rawValue) does not go with --index \(index)",
          parameter: option.parameter)
      }
      options[option] = nil
    }
    if index == "hnsw" {
      options[.connectivity] = options[.connectivity] ?? "16"
      options[.construction] = options[.construction] ?? "64"
      // pgvector's own rule.
      let (m, construction) = (
        options.number(.connectivity) ?? 16, options.number(.construction) ?? 64
      )
      guard construction >= 2 * m else {
        throw ParallaxError(
          .unsupported, "pgvector takes an --ef-construction of at least twice --m (\(m))",
          parameter: EngineOption.construction.parameter)
      }
    }
    if index == "ivfflat" { options[.lists] = options[.lists] ?? "100" }
    return options
  }

  private static func checkPartition(_ given: String?, over kept: EngineOptions?) throws {
    guard let given else { return }
    do throws(ParallaxError) { try EngineSchema.check(name: given, option: "partition") } catch {
      throw error.about("partition")
    }
    guard let kept, kept[.partition] != given else { return }
    throw ParallaxError(
      .unsupported,
      kept[.partition].map { "what is published there is a partition of '\($0)', and stays one" }
        ?? "what is published there is a table of its own, and becomes no partition",
      hint: "'drop publication' removes it; --name chooses another table",
      parameter: EngineOption.partition.parameter)
  }

  private static func choice(
    _ option: EngineOption, _ words: String, _ got: String
  ) -> ParallaxError {
    ParallaxError(
      .unsupported, "pgvector's --\(option.rawValue) is \(words); got '\(got)'",
      parameter: option.parameter)
  }

  package static func check(name: String) throws {
    guard name.lowercased() != PostgresTable.registry else {
      throw ParallaxError(
        .unsupported, "'\(name)' is where Parallax notes what it published; choose another --name",
        parameter: "name")
    }
  }

  /// SQL can be asked everything that gets here.
  package static func check(_ filter: EngineFilter) throws {}

  package static func connect(
    to address: EngineAddress, _ environment: EngineEnvironment
  ) async throws -> any EngineConnection {
    guard !address.path.isEmpty else {
      throw ParallaxError(
        .invalidValue, "an address of PostgreSQL names a database: \(addressForm)")
    }
    // libpq knows its schemes in small letters only.
    let named = address.scheme + address.text.dropFirst(address.scheme.utf8.count)
    var settings = [
      ("dbname", named), ("client_encoding", "UTF8"),
      ("fallback_application_name", "parallax"),
    ]
    // A server that is gone without a word is noticed.
    let given = Set(address.parameters.map(\.name))
    for (name, value) in [("tcp_user_timeout", "30000"), ("keepalives_idle", "10")]
    where !given.contains(name) { settings.append((name, value)) }
    var secrets = environment.secrets
    if let password = environment.variables["PGPASSWORD"], !password.isEmpty {
      settings.append(("password", password))
      secrets.append(Secret(password))
    }
    return try PostgresTable(address, settings, redactor: Redactor(secrets))
  }
}
