internal import ParallaxCore
private import ParallaxDigest

/// The names that fields have as columns.
struct PostgresColumns {
  /// Bytes of a name; longer ones would be cut.
  private static let longest = 63
  static let own = ["point_id", "item_id", "checksum", "embedding"]
  /// What a row of several publications' table is of.
  static let key = "collection"

  /// Without quotes.
  private let names: [EngineField: String]

  /// Of a table that is one publication's.
  init(_ fields: [EngineField]) {
    var names: [EngineField: String] = [:]
    var taken = Set(Self.own)
    let wanted = Set(fields.map(\.name))
    for (place, field) in fields.enumerated() {
      let fits = Self.fits(field.name) && !taken.contains(field.name)
      var name = fits ? field.name : "field_\(place + 1)"
      while !fits, taken.contains(name) || wanted.contains(name) { name += "_" }
      taken.insert(name)
      names[field] = name
    }
    self.names = names
  }

  /// Of a table whose columns are those of several publications. A field has the column of its name, unless that
  /// holds values of another type: then one of its name and kind. Columns are never dropped, and so a
  /// field finds its own again.
  ///
  /// - Parameter types: of the columns that there are, by their names.
  init(_ fields: [EngineField], sharing types: [String: String]) {
    var names: [EngineField: String] = [:]
    let wanted = Set(fields.map(\.name))
    for field in fields {
      func isFree(_ name: String) -> Bool {
        Self.fits(name) && name != Self.key && !Self.own.contains(name)
          && (types[name] ?? Self.plainType(of: field)) == Self.plainType(of: field)
      }
      let other = "\(field.name).\(field.kind.rawValue)\(field.isList ? ".list" : "")"
      if isFree(field.name) {
        names[field] = field.name
      } else if isFree(other), !wanted.contains(other) {
        names[field] = other
      } else {
        names[field] = "field_\(Digest.sha256("\(field.name)\n\(other)").hexadecimal.prefix(12))"
      }
    }
    self.names = names
  }

  private static func fits(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= longest && !ofSystem.contains(name)
  }

  /// Every table has columns of these names.
  private static let ofSystem: Set = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid", "oid"]

  /// Quoted.
  func name(of field: EngineField) -> String {
    field == .id ? Self.quoted("item_id") : plainName(of: field).map(Self.quoted) ?? "NULL"
  }

  /// `nil` for a field that there is not.
  func plainName(of field: EngineField) -> String? { names[field] }

  /// As a name in SQL.
  static func quoted(_ name: String) -> String {
    "\"\(name.replacing("\"", with: "\"\""))\""
  }

  static func type(of field: EngineField) -> String {
    let type = plainType(of: field)
    return field.kind == .text || field.kind == .date ? "\(type) COLLATE \"C\"" : type
  }

  /// As PostgreSQL writes it.
  static func plainType(of field: EngineField) -> String {
    let type =
      switch field.kind {
      case .boolean: "boolean"
      case .integer: "bigint"
      case .real: "double precision"
      // Dates are the texts that they are here, which order as they do.
      case .date, .text: "text"
      }
    return type + (field.isList ? "[]" : "")
  }
}
