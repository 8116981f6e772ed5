internal import ParallaxConditions
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

/// Members of groups, one a row: all of them, or those that a filter has left.
package struct GroupListing: Sendable, Hashable {
  package struct Row: Sendable, Hashable {
    /// Places of the group and of the member.
    var group: Int
    var member: Int
  }

  let found: SpaceGroups
  /// By groups, the anchor first.
  private(set) var rows: [Row]

  init(_ found: SpaceGroups) {
    self.found = found
    let names = found.request.keep != nil
    rows = found.groups.enumerated().flatMap { number, group in
      (names ? group.order : Array(group.members.indices)).map { Row(group: number, member: $0) }
    }
  }

  func keeping(_ kept: [Int]) -> GroupListing {
    var copy = self
    copy.rows = kept.map { rows[$0] }
    return copy
  }

  var items: [ItemRecord] { rows.map { member(of: $0).item } }

  /// Of each row; `nil` for the anchors, copies of them and what has no vector.
  var scores: [Double?] { rows.map { member(of: $0).score.map(Self.shown) } }

  /// The rows for which a condition holds that may name columns.
  ///
  /// - Throws: as ``Workspace/places(of:in:matching:besides:)``.
  func places(matching condition: WhereExpression, in workspace: Workspace) throws -> [Int] {
    let table = table
    let columns = table.columns.enumerated().map { place, column in
      Workspace.RowColumn(column.name, column.kind, table.rows.map { $0[place] })
    }
    return try workspace.places(
      of: items.map(\.rowID), in: found.space.collection, matching: condition, besides: columns)
  }

  private func member(of row: Row) -> SpaceGroups.Member {
    found.groups[row.group].members[row.member]
  }

  // MARK: Table

  /// The columns that groups have, made so.
  static func columns(of request: GroupRequest) -> [Table.Column] {
    let scores: [Table.Column] =
      [.init("score", .real, isKey: true)]
      + (request.normalization == nil ? [] : [.init("normalized", .real)])
      + (request.hashBits == nil ? [] : [.init("hash_distance", .integer)])
    let start: [Table.Column] = [
      .init("group", .integer, isKey: true), .init("id", .text, isKey: true),
    ]
    guard request.keep == nil else {
      return start + [.init("action", .text, isKey: true, isMain: true)] + scores + [
        .init("copy", .boolean), .init("least", .real), .init("width", .integer),
        .init("height", .integer), .init("bytes", .integer), .init("path", .text),
      ]
    }
    return start + [.init("representative", .boolean, isMain: true)] + scores + [
      .init("copy", .boolean), .init("least", .real), .init("diameter", .real),
      .init("bridges", .integer), .init("path", .text),
    ]
  }

  var table: Table {
    Table(columns: Self.columns(of: found.request), rows: rows.map { values(of: $0) })
  }

  private func values(of row: Row) -> [Value] {
    let group = found.groups[row.group]
    let member = member(of: row)
    let isAnchor = row.member == group.anchor
    let request = found.request
    var values: [Value] = [Value(row.group + 1), .text(member.item.id.rawValue)]
    values.append(
      request.keep == nil ? .boolean(isAnchor) : .text(isAnchor ? "keep" : "would go"))
    values.append(Self.cosine(member.score))
    if request.normalization != nil { values.append(Self.cosine(member.normalized)) }
    if request.hashBits != nil { values.append(member.hashDistance.map { Value($0) } ?? .null) }
    values += [.boolean(member.isCopy), Self.cosine(group.minimum)]
    guard request.keep == nil else {
      return values + [
        member.item.width.map { Value($0) } ?? .null, member.item.height.map { Value($0) } ?? .null,
        .integer(member.item.size), .text(member.item.path),
      ]
    }
    return values + [
      Self.cosine(group.diameter), Value(group.bridges.count), .text(member.item.path),
    ]
  }

  /// As `query` shows it: the shortest decimal of the 32-bit number.
  static func cosine(_ value: Double?) -> Value { value.map { .real(shown($0)) } ?? .null }

  static func shown(_ cosine: Double) -> Double { Float(cosine).shown }
}

extension SpaceGroups {
  /// What is to be said of items that could not be compared.
  var coverage: [String] {
    let noun = space.spec.content.noun
    var lines: [String] = []
    if withoutVector > 0 {
      lines.append(
        "\(Wording.count(withoutVector)) of \(Wording.count(itemCount, noun)) have no vector in "
          + "'\(space.reference)': of those only copies of their bytes are found")
    }
    if withoutDirection > 0 {
      lines.append(
        "\(Wording.count(withoutDirection, "vector")) of '\(space.reference)' are zero: "
          + "they are similar to none")
    }
    return lines
  }
}
