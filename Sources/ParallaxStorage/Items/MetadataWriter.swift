internal import ParallaxCore

/// Writes typed metadata of one collection, keeping each field of one kind.
///
/// A value of another kind widens its field: integers and reals become real, any other mixture
/// becomes text, and the values already there are rewritten with it. A text field stays one.
struct MetadataWriter: ~Copyable {
  private var fields: [String: Field]
  private let collection: SQLValue
  private let insertField: Statement
  private let setKind: Statement
  private let fieldValues: Statement
  private let store: Statement
  private let erase: Statement

  private struct Field {
    let rowID: Int64
    var kind: ValueKind
  }

  /// Prepares into locals first: a throwing initialiser cannot leave `self` half made.
  init(_ collection: ItemCollection, _ connection: borrowing Connection) throws {
    let catalog = try FieldCatalog(collection, connection)
    let insertField = try connection.prepare(
      "INSERT INTO field (collection, name, kind) VALUES (?, ?, ?) RETURNING id")
    let setKind = try connection.prepare("UPDATE field SET kind = ? WHERE id = ?")
    let fieldValues = try connection.prepare("SELECT item, value FROM metadata WHERE field = ?")
    let store = try connection.prepare(
      """
      INSERT INTO metadata (field, item, value) VALUES (?, ?, ?)
      ON CONFLICT (field, item) DO UPDATE SET value = excluded.value
      """)
    let erase = try connection.prepare("DELETE FROM metadata WHERE field = ? AND item = ?")

    self.collection = .integer(collection.rowID)
    fields = Dictionary(
      catalog.metadata.map { ($0.name, Field(rowID: $0.rowID, kind: $0.kind)) }
    ) { first, _ in first }
    self.insertField = insertField
    self.setKind = setKind
    self.fieldValues = fieldValues
    self.store = store
    self.erase = erase
  }

  /// Makes the fields that are not there yet, in this order.
  mutating func declare(_ declared: [(name: String, kind: ValueKind)]) throws {
    for (name, kind) in declared where fields[name] == nil {
      fields[name] = try newField(named: name, kind: kind)
    }
  }

  /// Sets some fields of an item; null, and a real that is not a number, take a value away.
  mutating func set(_ values: [String: Value], of item: Int64) throws {
    // By name, so that new fields come into being in an order that can be repeated.
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      if let kind = value.storedKind {
        let field = try field(named: name, holding: kind)
        try store.run([
          .integer(field.rowID), .integer(item), value.stored(as: field.kind),
        ])
      } else if let field = fields[name] {
        try erase.run([.integer(field.rowID), .integer(item)])
      }
    }
  }

  private mutating func field(named name: String, holding kind: ValueKind) throws -> Field {
    guard var field = fields[name] else {
      let field = try newField(named: name, kind: kind)
      fields[name] = field
      return field
    }
    guard field.kind.widened(by: kind) != field.kind else { return field }
    try widen(&field, by: kind)
    fields[name] = field
    return field
  }

  private func newField(named name: String, kind: ValueKind) throws -> Field {
    guard !name.isEmpty else {
      throw ParallaxError(.invalidValue, "a metadata field has a name of at least one character")
    }
    try insertField.bind([collection, .text(name), .text(kind.rawValue)])
    guard try insertField.step() else {
      throw ParallaxError(.internalError, "the new field '\(name)' got no key")
    }
    let rowID = insertField.integer(0)
    while try insertField.step() {}
    return Field(rowID: rowID, kind: kind)
  }

  private func widen(_ field: inout Field, by kind: ValueKind) throws {
    var values: [(item: Int64, value: Value)] = []
    try fieldValues.bind([.integer(field.rowID)])
    while try fieldValues.step() {
      values.append(
        (fieldValues.integer(0), Value(stored: fieldValues.value(1), kind: field.kind)))
    }
    field.kind = values.isEmpty ? kind : field.kind.widened(by: kind)
    try setKind.run([.text(field.kind.rawValue), .integer(field.rowID)])
    for (item, value) in values {
      try store.run([.integer(field.rowID), .integer(item), value.stored(as: field.kind)])
    }
  }
}

extension ValueKind {
  /// The kind that holds values of both kinds.
  func widened(by other: ValueKind) -> ValueKind {
    if self == other { return self }
    return Set([self, other]) == [.integer, .real] ? .real : .text
  }
}

extension Value {
  /// The kind to store; `nil` for null and for a real that is not a number, which SQLite cannot tell
  /// from null.
  var storedKind: ValueKind? {
    if case .real(let value) = self, value.isNaN { return nil }
    return kind
  }

  /// The value as a field of `kind` stores it; the field's kind is at least as wide as its own.
  func stored(as kind: ValueKind) -> SQLValue {
    switch (self, kind) {
    case (.null, _): .null
    case (.boolean(let value), .boolean): .integer(value ? 1 : 0)
    case (.integer(let value), .integer): .integer(value)
    case (.integer(let value), .real): .real(Double(value))
    case (.real(let value), .real): .real(value)
    default: .text(plainText)
    }
  }

  init(stored: SQLValue, kind: ValueKind) {
    switch (stored, kind) {
    case (.integer(let value), .boolean): self = .boolean(value != 0)
    case (.integer(let value), _): self = .integer(value)
    case (.real(let value), _): self = .real(value)
    case (.text(let value), .date): self = .date(value)
    case (.text(let value), _): self = .text(value)
    case (.null, _), (.blob, _): self = .null
    }
  }
}
