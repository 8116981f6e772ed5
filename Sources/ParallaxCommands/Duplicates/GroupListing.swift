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

  let found: ItemGroups
  /// By groups; where one of a group stays, that one first.
  private(set) var rows: [Row]

  init(_ found: ItemGroups) {
    self.found = found
    let startsWithAnchor = found.request.keep != nil
    rows = found.groups.enumerated().flatMap { number, group in
      (startsWithAnchor ? group.order : Array(group.members.indices))
        .map { Row(group: number, member: $0) }
    }
  }

  func keeping(_ kept: [Int]) -> GroupListing {
    var copy = self
    copy.rows = kept.map { rows[$0] }
    return copy
  }

  var items: [ItemRecord] { rows.map { member(of: $0).item } }

  /// Of each row, the cosine; `nil` for the anchors, copies of them, what has no vector, and where cosines do not count.
  var scores: [Double?] { rows.map { member(of: $0).score.map(Self.shown) } }

  private func member(of row: Row) -> ItemGroups.Member {
    found.groups[row.group].members[row.member]
  }

  // MARK: Table

  /// The columns that groups have, made so.
  static func columns(of request: GroupRequest) -> [Table.Column] {
    let basis = request.basis
    let copies: [Table.Column] =
      [.init("copy", .boolean)]
      + (request.comparesPixels ? [.init("same_pixels", .boolean)] : [])
    let start: [Table.Column] = [
      .init("group", .integer, isKey: true), .init("id", .text, isKey: true),
    ]
    let least = basis.columns("least", "hash_most")
    guard request.keep == nil else {
      return start + [.init("action", .text, isKey: true, isMain: true)] + signals(of: request)
        + copies + least + [
          .init("width", .integer), .init("height", .integer), .init("bytes", .integer),
          .init("path", .text),
        ]
    }
    return start + [.init("representative", .boolean, isMain: true)] + signals(of: request)
      + copies + least + basis.columns("diameter", "hash_diameter")
      + (basis.hasDegrees ? [.init("bridges", .integer)] : []) + [.init("path", .text)]
  }

  /// Of a member beside the anchor.
  static func signals(of request: GroupRequest) -> [Table.Column] {
    let isCosine = request.basis.isCosine
    return (isCosine ? [.init("score", .real, isKey: true)] : [])
      + (request.normalization == nil ? [] : [.init("normalized", .real)])
      + (request.hashRule == nil ? [] : [.init("hash_distance", .integer, isKey: !isCosine)])
  }

  static func signals(of member: ItemGroups.Member, _ request: GroupRequest) -> [Value] {
    (request.basis.isCosine ? [cosine(member.score)] : [])
      + (request.normalization == nil ? [] : [cosine(member.normalized)])
      + (request.hashRule == nil ? [] : [member.hashDistance.map { Value($0) } ?? .null])
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
    values += Self.signals(of: member, request) + [.boolean(member.isCopy)]
    if request.comparesPixels { values.append(.boolean(member.hasSamePixels)) }
    values += request.basis.cells(group.minimum)
    guard request.keep == nil else {
      return values + [
        member.item.width.map { Value($0) } ?? .null, member.item.height.map { Value($0) } ?? .null,
        .integer(member.item.size), .text(member.item.path),
      ]
    }
    return values + request.basis.cells(group.diameter)
      + (request.basis.hasDegrees ? [Value(group.bridges.count)] : [])
      + [.text(member.item.path)]
  }

  /// As `query` shows it: the shortest decimal of the 32-bit number.
  static func cosine(_ value: Double?) -> Value { value.map { .real(shown($0)) } ?? .null }

  static func shown(_ cosine: Double) -> Double { Float(cosine).shown }
}

extension ItemGroups {
  /// What is to be said of items that could not be compared.
  var coverage: [String] {
    var lines = space?.coverage(without: withoutVector, of: itemCount) ?? []
    if withoutDirection > 0 {
      lines.append(
        "\(Wording.count(withoutDirection, "vector")) of '\(reference)' are zero: "
          + "they are similar to none")
    }
    return lines
  }
}

extension Space {
  /// What is to be said of items without a vector, which are compared by their bytes alone; nothing where there are none.
  func coverage(without missing: Int, of items: Int) -> [String] {
    guard missing > 0 else { return [] }
    return [
      "\(Wording.count(missing)) of \(Wording.count(items, spec.content.noun)) have no vector in "
        + "'\(reference)': of those only copies of their bytes are found"
    ]
  }
}
