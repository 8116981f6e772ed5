internal import ParallaxCore

/// Writes the metadata of one collection, keeping each field of one kind and every value's text.
///
/// A value of another kind widens its field: integers and reals become real, any other mixture
/// becomes text. The values already there are then compared in another way, but look as they did.
/// A field whose kind somebody chose keeps it: a text that does not fit stays, with a null value.
struct MetadataWriter: ~Copyable {
  private var fields: [String: Field]
  private let collection: SQLValue
  private let insertField: Statement
  private let setKind: Statement
  private let setList: Statement
  private let isEmpty: Statement
  private let fieldRows: Statement
  private let store: Statement
  private let erase: Statement

  private struct Field {
    let rowID: Int64
    var kind: ValueKind
    var isFixed: Bool
    var isList: Bool
  }

  /// Prepares into locals first: a throwing initialiser cannot leave `self` half made.
  init(_ collection: ItemCollection, _ connection: borrowing Connection) throws {
    let catalog = try FieldCatalog(collection, connection)
    let insertField = try connection.prepare(
      "INSERT INTO field (collection, name, kind, fixed, list) VALUES (?, ?, ?, ?, ?) RETURNING id")
    let setKind = try connection.prepare("UPDATE field SET kind = ?, fixed = ? WHERE id = ?")
    let setList = try connection.prepare("UPDATE field SET list = 1 WHERE id = ?")
    let isEmpty = try connection.prepare(
      "SELECT NOT EXISTS (SELECT 1 FROM metadata WHERE field = ?)")
    let fieldRows = try connection.prepare(
      "SELECT item, position, value, text FROM metadata WHERE field = ?")
    let store = try connection.prepare(
      """
      INSERT INTO metadata (field, item, position, value, text) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (field, item, position)
        DO UPDATE SET value = excluded.value, text = excluded.text
      """)
    let erase = try connection.prepare("DELETE FROM metadata WHERE field = ? AND item = ?")

    self.collection = .integer(collection.rowID)
    fields = Dictionary(
      catalog.metadata.map {
        (
          $0.name, Field(rowID: $0.rowID, kind: $0.kind, isFixed: $0.isFixed, isList: $0.isList)
        )
      }
    ) { first, _ in first }
    self.insertField = insertField
    self.setKind = setKind
    self.setList = setList
    self.isEmpty = isEmpty
    self.fieldRows = fieldRows
    self.store = store
    self.erase = erase
  }

  /// Makes the fields that are not there yet, in this order, and gives the others a kind that holds
  /// what is to come.
  ///
  /// - Returns: how many values of each field do not fit a kind it was given.
  mutating func declare(_ declared: [FieldDeclaration]) throws -> [String: Int] {
    var misfits: [String: Int] = [:]
    for wanted in declared {
      guard var field = fields[wanted.name] else {
        fields[wanted.name] = try newField(wanted)
        continue
      }
      if wanted.isList, !field.isList {
        field.isList = true
        try setList.run([.integer(field.rowID)])
      }
      if wanted.isFixed {
        let count = try convert(&field, to: wanted.kind ?? field.kind, isFixed: true)
        if count > 0 { misfits[wanted.name] = count }
      } else if let kind = wanted.kind, !field.isFixed {
        let wider = try hasNoValue(field) ? kind : field.kind.widened(by: kind)
        try convert(&field, to: wider, isFixed: false)
      }
      fields[wanted.name] = field
    }
    return misfits
  }

  /// Narrows fields to the kind that all their texts have, for a table may have replaced what was
  /// of another kind.
  mutating func settle(_ names: [String]) throws {
    for name in names {
      guard var field = fields[name], !field.isFixed, field.kind == .text else { continue }
      var inference = KindInference()
      try fieldRows.bind([.integer(field.rowID)])
      while !inference.isSettled, try fieldRows.step() {
        inference.add(fieldRows.metadata(2, kind: field.kind).plainText)
      }
      guard let kind = inference.kind, kind != field.kind else { continue }
      try convert(&field, to: kind, isFixed: false)
      fields[name] = field
    }
  }

  /// Sets some fields of an item; null, and a real that is not a number, take a value away.
  mutating func set(_ values: [String: Value], of item: Int64) throws {
    // By name, so that new fields come into being in an order that can be repeated.
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      let elements = value.storedElements
      if elements.isEmpty {
        guard let field = fields[name] else { continue }
        try erase.run([.integer(field.rowID), .integer(item)])
        continue
      }
      var isList = false
      if case .list = value { isList = true }
      let field = try field(named: name, holding: value.kind, isList: isList)
      if field.isList { try erase.run([.integer(field.rowID), .integer(item)]) }
      for (position, element) in elements.enumerated() {
        try write(element.converted(to: field.kind), of: item, at: Int64(position), field)
      }
    }
  }

  private mutating func field(
    named name: String, holding kind: ValueKind?, isList: Bool
  ) throws -> Field {
    let present = fields[name]
    let isDone =
      present.map { field in
        (!isList || field.isList)
          && (field.isFixed || kind.map { field.kind.widened(by: $0) == field.kind } ?? true)
      } ?? false
    if !isDone { _ = try declare([FieldDeclaration(name: name, kind: kind, isList: isList)]) }
    guard let field = fields[name] else {
      throw ParallaxError(.internalError, "the field '\(name)' is lost")
    }
    return field
  }

  private func newField(_ wanted: FieldDeclaration) throws -> Field {
    guard !wanted.name.isEmpty else {
      throw ParallaxError(.invalidValue, "a metadata field has a name of at least one character")
    }
    let kind = wanted.kind ?? .text
    try insertField.bind([
      collection, .text(wanted.name), .text(kind.rawValue), .integer(wanted.isFixed ? 1 : 0),
      .integer(wanted.isList ? 1 : 0),
    ])
    guard try insertField.step() else {
      throw ParallaxError(.internalError, "the new field '\(wanted.name)' got no key")
    }
    let rowID = insertField.integer(0)
    while try insertField.step() {}
    return Field(rowID: rowID, kind: kind, isFixed: wanted.isFixed, isList: wanted.isList)
  }

  private func hasNoValue(_ field: Field) throws -> Bool {
    try isEmpty.bind([.integer(field.rowID)])
    defer { isEmpty.reset() }
    return try isEmpty.step() && isEmpty.integer(0) == 1
  }

  /// - Returns: how many texts do not fit the kind.
  @discardableResult
  private func convert(_ field: inout Field, to kind: ValueKind, isFixed: Bool) throws -> Int {
    guard field.kind != kind || field.isFixed != isFixed else { return 0 }
    try setKind.run([.text(kind.rawValue), .integer(isFixed ? 1 : 0), .integer(field.rowID)])
    field.isFixed = isFixed
    guard field.kind != kind else { return 0 }
    var rows: [(item: Int64, position: Int64, value: Value)] = []
    try fieldRows.bind([.integer(field.rowID)])
    while try fieldRows.step() {
      rows.append(
        (
          fieldRows.integer(0), fieldRows.integer(1),
          fieldRows.metadata(2, kind: field.kind).converted(to: kind)
        ))
    }
    fieldRows.reset()
    field.kind = kind
    for row in rows { try write(row.value, of: row.item, at: row.position, field) }
    return rows.count { $0.value.typed == .null }
  }

  private func write(
    _ value: Value, of item: Int64, at position: Int64, _ field: Field
  ) throws {
    var text = SQLValue.null
    if case .written(let written, _) = value { text = .text(written) }
    try store.run([
      .integer(field.rowID), .integer(item), .integer(position), value.typed.stored, text,
    ])
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
  /// What a field keeps of the value: nothing of null and of a real that is not a number, which
  /// SQLite cannot tell from null.
  fileprivate var storedElements: [Value] {
    switch self {
    case .null: return []
    case .real(let value): return value.isNaN ? [] : [self]
    case .list(let values): return values.flatMap(\.storedElements)
    default: return [self]
    }
  }

  fileprivate var stored: SQLValue {
    switch self {
    case .boolean(let value): .integer(value ? 1 : 0)
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .date(let value), .text(let value): .text(value)
    case .null, .written, .list: .null
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

extension Statement {
  /// A value with the text it was read from: two columns, `value` and `text`.
  func metadata(_ column: Int32, kind: ValueKind) -> Value {
    let typed = Value(stored: value(column), kind: kind)
    return optionalText(column + 1).map { .written($0, as: typed) } ?? typed
  }
}
