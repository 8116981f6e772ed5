package import ParallaxCore
private import ParallaxDigest
private import ParallaxText

/// A metadata field, or one that every item has, as an engine keeps it.
package struct EngineField: Sendable, Hashable {
  /// As conditions name it; what every item has is `item.width`.
  package var name: String
  package var kind: ValueKind
  /// Whether an item may have several values.
  package var isList: Bool

  package init(name: String, kind: ValueKind, isList: Bool) {
    self.name = name
    self.kind = kind
    self.isList = isList
  }

  /// Whether an engine can keep a value in it; null always.
  package func fits(_ value: Value) -> Bool {
    switch (kind, value.typed) {
    case (_, .null): true
    case (_, .list(let values)): isList && values.allSatisfy { fits($0) }
    case (.boolean, .boolean), (.integer, .integer), (.real, .real), (.real, .integer): true
    case (.text, .text), (.text, .date), (.date, .text), (.date, .date): true
    default: false
    }
  }

  /// Before the names of fields that every item has.
  package static let builtInPrefix = "item."

  /// The id of an item, which every point has beside its fields.
  package static let id = EngineField(name: "item.id", kind: .text, isList: false)
}

/// What is published under a name, and how.
package struct EngineSchema: Sendable, Hashable {
  /// The version of the layout: another one is refused.
  package static let layout = 1

  package var name: String
  package var collection: String
  package var space: String
  /// As ``EmbeddingSpec/identity``.
  package var identity: String
  package var dimension: Int
  package var similarity: Similarity
  package var options: EngineOptions
  package var fields: [EngineField]
  /// The id of the workspace that it is of.
  package var publisher: String

  package init(
    name: String, collection: String, space: String, identity: String, dimension: Int,
    similarity: Similarity, options: EngineOptions, fields: [EngineField], publisher: String
  ) {
    self.name = name
    self.collection = collection
    self.space = space
    self.identity = identity
    self.dimension = dimension
    self.similarity = similarity
    self.options = options
    self.fields = fields
    self.publisher = publisher
  }

  /// `photos@base`
  package var reference: String { "\(collection)@\(space)" }

  /// The field that a condition names: a metadata field first, then what every item has.
  package func field(named name: String) -> EngineField? {
    if let field = fields.first(where: { $0.name == name }) { return field }
    let builtIn =
      name.hasPrefix(EngineField.builtInPrefix) ? name : EngineField.builtInPrefix + name
    return builtIn == EngineField.id.name ? .id : fields.first { $0.name == builtIn }
  }

  /// What each row's checksum begins with: where a field changes, all rows do.
  var seed: [UInt8] {
    var bytes = Array("\(Self.layout);\(options[.type] ?? "")".utf8)
    for field in fields {
      bytes.append(0)
      bytes += Array("\(field.name);\(field.kind.rawValue);\(field.isList)".utf8)
    }
    return bytes
  }

  /// The name that is usual for a space: letters and digits of both names in lower case. Where other letters
  /// gave way, a digest keeps it apart from that of another space.
  package static func usualName(collection: String, space: String) -> String {
    let name = "\(collection)_\(space)".lowercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        ? Character(scalar) : "_"
    }
    let beginsWell = name.first.map { $0.isLetter } ?? false
    let whole = (beginsWell ? "" : "p_") + String(name)
    let isASCII = (collection + space).utf8.allSatisfy { $0 < 0x80 }
    guard whole.utf8.count > longestName || !isASCII else { return whole }
    let digest = Digest.sha256("\(collection)@\(space)").hexadecimal.prefix(8)
    return "\(whole.prefix(longestName - 9))_\(digest)"
  }

  /// Bytes, with room for what engines put behind a name.
  package static let longestName = 48

  /// - Throws: `invalid-value`
  package static func check(name: String, option: String = "name") throws(ParallaxError) {
    let isWord = name.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        || $0 == UInt8(ascii: "_")
    }
    let startsWell = name.first.map { $0.isLetter } ?? false
    guard isWord, startsWell, name.utf8.count <= longestName else {
      throw ParallaxError(
        .invalidValue,
        "--\(option) takes a letter, then letters, digits and '_', at most \(longestName) in all; got '\(name)'"
      )
    }
  }
}

/// What an engine says of something that is published in it.
package struct EngineRecord: Sendable, Hashable {
  package var layout: Int
  package var schema: EngineSchema
  /// Whether a publish came to its end.
  package var isComplete: Bool
  /// Points then; `nil` before the end of the first publish.
  package var count: Int?

  package init(layout: Int, schema: EngineSchema, isComplete: Bool, count: Int?) {
    self.layout = layout
    self.schema = schema
    self.isComplete = isComplete
    self.count = count
  }

  /// Refuses what is not of the space that is meant.
  ///
  /// - Parameter publisher: the workspace that it must be of; `nil` for any.
  /// - Throws: `not-ours`, saying what differs.
  package func check(
    collection: String, space: String, identity: String, publisher: String?
  ) throws(ParallaxError) {
    let drop = "'drop publication' removes what is there; --name chooses another name"
    guard layout == EngineSchema.layout else {
      throw ParallaxError(
        .notOurs,
        "'\(schema.name)' has layout \(layout), and this program writes layout \(EngineSchema.layout)",
        hint: layout > EngineSchema.layout ? "update parallax" : drop)
    }
    guard schema.collection == collection, schema.space == space else {
      throw ParallaxError(
        .notOurs, "'\(schema.name)' holds '\(schema.reference)', not '\(collection)@\(space)'",
        hint: drop)
    }
    if let publisher, schema.publisher != publisher {
      throw ParallaxError(
        .notOurs, "'\(schema.name)' was published by another workspace",
        hint: "--name chooses another name; 'publish \(schema.reference) … --take-over' makes it "
          + "this workspace's, and deletes there what is not here; 'drop publication … --take-over' removes it"
      )
    }
    guard schema.identity != identity else { return }
    let differences = Self.differences(schema.identity, identity)
    throw ParallaxError(
      .notOurs,
      "'\(schema.name)' holds vectors of another identity: \(differences.joined(separator: "; "))",
      hint: "spaces never mix: \(drop)")
  }

  static func differences(_ there: String, _ here: String) -> [String] {
    func parts(_ identity: String) -> [(String, String)] {
      identity.split(separator: ";").map { part in
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(sides[0]), sides.count > 1 ? String(sides[1]) : "")
      }
    }
    let own = Dictionary(parts(here)) { first, _ in first }
    let known = parts(there)
    let changed = known.filter { own[$0.0] != $0.1 }
      .map { "\($0.0) is '\($0.1)' there, '\(own[$0.0] ?? "")' here" }
    let names = Set(known.map(\.0))
    return changed
      + parts(here).filter { !names.contains($0.0) }.map { "\($0.0) is '\($0.1)' here only" }
  }
}

extension [EngineField] {
  /// As an engine keeps them.
  package var json: String {
    let parts = map {
      "{\"name\":\(JSON.string($0.name)),\"kind\":\"\($0.kind.rawValue)\",\"list\":\($0.isList)}"
    }
    return "[\(parts.joined(separator: ","))]"
  }

  /// - Returns: `nil` for another form.
  package init?(json: String) {
    var fields: [EngineField] = []
    var scanner = JSONScanner([UInt8](json.utf8))
    do {
      try scanner.elements { scanner in
        var field = EngineField(name: "", kind: .text, isList: false)
        try scanner.members { name, scanner in
          switch name {
          case "name": field.name = try scanner.string()
          case "kind":
            guard let kind = ValueKind(rawValue: try scanner.string()) else {
              throw JSONScanner.Malformed()
            }
            field.kind = kind
          case "list": field.isList = try scanner.word() == "true"
          default: try scanner.skipValue()
          }
        }
        fields.append(field)
      }
    } catch { return nil }
    self = fields
  }
}
