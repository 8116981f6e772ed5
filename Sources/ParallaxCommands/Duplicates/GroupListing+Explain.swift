internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension GroupListing {
  /// The number of the group that words name: `group 3`, `3`, or the id of one of its items.
  ///
  /// - Parameters:
  ///   - words: one or two.
  ///   - parameters: of each word.
  /// - Throws: `invalid-value` or `unknown-name` about the word at fault.
  func group(
    named words: [String], _ parameters: [ParallaxError.Parameter]
  ) throws -> Int {
    let count = found.groups.count
    let rule = count == 0 ? "there is none" : "they are 1 to \(count)"
    func number(_ place: Int) throws -> Int {
      guard let number = Int(words[place]), (1...max(1, count)).contains(number), count > 0 else {
        throw ParallaxError(
          .invalidValue, "'group' takes the number of a group; got '\(words[place])'", hint: rule,
          parameter: parameters[place])
      }
      return number
    }
    if words.count > 1 {
      guard words[0] == "group" else {
        throw ParallaxError(
          .usage, "of groups, 'explain' takes 'group N', or the id of an item; got '\(words[0])'",
          hint: rule, parameter: parameters[0])
      }
      return try number(1)
    }
    let word = words[0]
    if word != "group", let place = place(ofItem: word) { return place + 1 }
    guard word != "group" else {
      throw ParallaxError(
        .missingObject, "'group' needs a number", hint: rule, parameter: parameters[0])
    }
    guard Int(word) == nil else { return try number(0) }
    throw ParallaxError(
      .unknownName, "'\(word)' is in no group", hint: "'group N' names one: \(rule)",
      parameter: parameters[0])
  }

  private func place(ofItem id: String) -> Int? {
    found.groups.firstIndex { group in group.members.contains { $0.item.id.rawValue == id } }
  }

  /// What the groups would be at stricter thresholds.
  func curveTable(_ points: [ItemGroups.Point]) -> Table {
    let basis = found.request.basis
    let goes = found.request.keep != nil
    let (kind, name): (ValueKind, String) =
      basis.isCosine ? (.real, Self.cosines) : (.integer, Self.bits)
    return Table(
      columns: [
        .init(name, kind, isKey: true), .init("groups", .integer, isMain: true),
        .init("images", .integer), .init("largest", .integer),
      ] + (goes ? [.init("would_go", .integer, isMain: true)] : []),
      rows: points.map { point in
        [
          basis.cell(point.threshold), Value(point.groups), Value(point.images),
          Value(point.largest),
        ] + (goes ? [Value(point.surplus)] : [])
      })
  }

  /// The columns that thresholds stand in.
  private static let (cosines, bits) = ("threshold", "hash_bits")

  /// The same with a row for each number, as it is drawn.
  func drawnCurve(_ points: [ItemGroups.Point]) -> (Table, PlotRequest) {
    let basis = found.request.basis
    func rows(_ name: String, _ value: (ItemGroups.Point) -> Int) -> [[Value]] {
      points.map { [basis.cell($0.threshold), .text(name), Value(value($0))] }
    }
    let (kind, threshold): (ValueKind, String) =
      basis.isCosine ? (.real, Self.cosines) : (.integer, Self.bits)
    var request = PlotRequest()
    (request.x, request.y, request.group) = (threshold, "count", "what")
    // 0 bits is a threshold, too, and has no logarithm.
    if !basis.isCosine { request.xScale = .linear }
    let table = Table(
      columns: [.init(threshold, kind), .init("what", .text), .init("count", .integer)],
      rows: rows("groups") { $0.groups }
        + (found.request.keep == nil
          ? rows("images in groups") { $0.images } : rows("images that would go") { $0.surplus }))
    return (table, request)
  }
}

extension GroupExplanation {
  /// A row for each member, the anchor's first.
  func table(of request: GroupRequest) -> Table {
    let basis = request.basis
    let others: [Table.Column] = ["nearest", "farthest"].flatMap { name in
      basis.hasDegrees
        ? [.init(name, .text)] + basis.columns("\(name)_score", "\(name)_distance") : []
    }
    let columns: [Table.Column] =
      [.init("id", .text, isKey: true), .init("role", .text, isKey: true, isMain: true)]
      + GroupListing.signals(of: request) + others
      + Linkage.allCases.map { .init($0.rawValue, .integer) } + [
        .init("width", .integer), .init("height", .integer), .init("bytes", .integer),
        .init("path", .text),
      ]
    return Table(columns: columns, rows: members.map { row(of: $0, request) })
  }

  private func row(of member: Member, _ request: GroupRequest) -> [Value] {
    let item = member.member.item
    var values: [Value] =
      [.text(item.id.rawValue), .text(role(of: member, request))]
      + GroupListing.signals(of: member.member, request)
    if request.basis.hasDegrees {
      for other in [member.nearest, member.farthest] {
        values += [other.map { .text($0.id.rawValue) } ?? .null, request.basis.cell(other?.score)]
      }
    }
    values += Linkage.allCases.map { member.groups[$0].map { Value($0) } ?? .null }
    return values + [
      item.width.map { Value($0) } ?? .null, item.height.map { Value($0) } ?? .null,
      .integer(item.size), .text(item.path),
    ]
  }

  private func role(of member: Member, _ request: GroupRequest) -> String {
    guard request.keep == nil else { return member.isAnchor ? "keep" : "would go" }
    return member.isAnchor ? "representative" : "member"
  }

  // MARK: Sentences

  func remarks(of request: GroupRequest) -> [String] {
    let basis = request.basis
    func words(_ pair: ItemGroups.ItemIDPair) -> String {
      "'\(pair.left)' – '\(pair.right)' (\(basis.words(pair.score)))"
    }
    let images = "group \(number): \(Wording.count(members.count, "image"))"
    var lines =
      basis.hasDegrees
      ? [
        "\(images), \(request.linkage.rawValue) linkage at \(basis.words(basis.threshold)): "
          + request.linkage.guarantee
      ] : [images]
    lines += joined.map { "a verdict joins \(Self.words($0))" }
    lines += twins.map { "the same pixels: \(Self.words($0))" }
    guard let least else {
      return lines.count > 1 ? lines : lines + ["its files have the same bytes"]
    }
    lines.append("'\(representative)' is the most similar to the others on average")
    lines.append(
      "the least similar pair that links: \(words(least))"
        + (farthest.map {
          $0 == least
            ? ", which are also the least similar two"
            : "; the least similar two: \(words($0))"
        } ?? "; the least similar two are not looked for"))
    lines += bridges.map { bridge in
      "only \(words(bridge.pair)) joins \(Self.words(bridge.side)) to the rest"
    }
    if bridgeCount > bridges.count {
      lines.append("\(Wording.count(bridgeCount - bridges.count, "bridge")) more")
    }
    return lines + [
      "what each linkage makes of these \(members.count): "
        + divisions.map { "\($0.linkage.rawValue): \(Self.words($0))" }.joined(separator: "; ")
    ]
  }

  private static func words(_ side: [ItemID]) -> String {
    let shown = side.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    return side.count > 3 ? "\(shown) and \(side.count - 3) more" : shown
  }

  /// `one group`, or `groups of 3 and 2 with 1 other, 1 alone`.
  private static func words(_ division: Division) -> String {
    let sizes = division.groups.map { group in
      group.outside == 0
        ? "\(group.inside)"
        : "\(group.inside) with \(group.outside) other\(group.outside == 1 ? "" : "s")"
    }
    var parts: [String] = []
    if sizes.count == 1 { parts.append("one group of \(sizes[0])") }
    if let last = sizes.last, sizes.count > 1 {
      parts.append("groups of \(sizes.dropLast().joined(separator: ", ")) and \(last)")
    }
    if division.alone > 0 { parts.append("\(division.alone) alone") }
    return parts.joined(separator: ", ")
  }
}
