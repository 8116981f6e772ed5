internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension SpaceGroups {
  /// A row for each member, the one that stays first in its group.
  var duplicates: Table {
    Table(
      columns: [
        .init("group", .integer, isKey: true), .init("id", .text, isKey: true),
        .init("action", .text, isKey: true, isMain: true), .init("score", .real, isKey: true),
        .init("copy", .boolean), .init("least", .real), .init("width", .integer),
        .init("height", .integer), .init("bytes", .integer), .init("path", .text),
      ],
      rows: groups.enumerated().flatMap { number, group -> [[Value]] in
        let order = [group.anchor] + group.members.indices.filter { $0 != group.anchor }
        return order.map { place in
          let member = group.members[place]
          return [
            Value(number + 1), .text(member.item.id.rawValue),
            .text(place == group.anchor ? "keep" : "would go"),
            Self.cosine(member.score), .boolean(member.isCopy),
            Self.cosine(group.minimum), member.item.width.map { Value($0) } ?? .null,
            member.item.height.map { Value($0) } ?? .null, .integer(member.item.size),
            .text(member.item.path),
          ]
        }
      })
  }

  /// A row for each member.
  var members: Table {
    Table(
      columns: [
        .init("group", .integer, isKey: true), .init("id", .text, isKey: true),
        .init("representative", .boolean, isMain: true), .init("score", .real, isKey: true),
        .init("copy", .boolean), .init("least", .real), .init("diameter", .real),
        .init("bridges", .integer), .init("path", .text),
      ],
      rows: groups.enumerated().flatMap { number, group in
        group.members.enumerated().map { place, member in
          [
            Value(number + 1), .text(member.item.id.rawValue),
            .boolean(place == group.anchor), Self.cosine(member.score),
            .boolean(member.isCopy), Self.cosine(group.minimum),
            Self.cosine(group.diameter), Value(group.bridges.count),
            .text(member.item.path),
          ]
        }
      })
  }

  /// As `query` shows it: the shortest decimal of the 32-bit number.
  private static func cosine(_ value: Double?) -> Value {
    value.map { .real(Float($0).shown) } ?? .null
  }

  /// What is to be said of items that could not be compared.
  var coverage: [String] {
    let noun = pairs.space.spec.content.noun
    var lines: [String] = []
    if pairs.withoutVector > 0 {
      lines.append(
        "\(Wording.count(pairs.withoutVector)) of \(Wording.count(pairs.itemCount, noun)) have no vector in "
          + "'\(pairs.space.reference)': of those only copies of their bytes are found")
    }
    if pairs.withoutDirection > 0 {
      lines.append(
        "\(Wording.count(pairs.withoutDirection, "vector")) of '\(pairs.space.reference)' are zero: "
          + "they are similar to none")
    }
    return lines
  }
}
