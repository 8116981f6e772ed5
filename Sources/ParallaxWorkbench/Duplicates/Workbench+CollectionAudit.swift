internal import ParallaxCore
internal import ParallaxEvaluation
private import ParallaxImaging
internal import ParallaxSearch
internal import ParallaxReporting
package import ParallaxStorage

extension Workbench {
  /// The parameter that errors about the field are about.
  private static let field = "field"

  /// Looks through a collection for what a person would mend before measuring anything.
  ///
  /// Pictures are decoded once; their fingerprints are kept.
  ///
  /// - Parameter space: whose near-duplicates are looked for; `nil` where hashes tell them. Where too many hashes are near, and
  ///   the request has no rule for them, near-duplicates are left out with a warning.
  /// - Throws: `unknown-field`, and `unsupported` for a field of lists, about the parameter `field`; as ``fingerprints(of:only:_:)`` and
  ///   ``pairs(of:minimumScore:throughIndex:_:)``.
  @concurrent package func audit(
    _ collection: ItemCollection, _ space: Space?, _ request: AuditRequest,
    _ handler: @escaping EventHandler
  ) async throws -> CollectionAudit {
    if let field = request.field {
      try workspace.checkFields([field], of: collection, option: Self.field)
    }
    let prints = try await fingerprints(of: collection, handler)
    let items = prints.items
    var audit = AuditFindings(items: items, prints: prints)
    audit.addPictures()
    audit.addCopies()
    let near: GroupBasis
    if let space, request.hashRule == nil {
      near = .cosine(request.minimumScore)
      let found = try await pairs(of: space, minimumScore: request.minimumScore, handler)
      audit.addNear(
        found.pairs.map {
          (found.ids[Int($0.left)], found.ids[Int($0.right)], Double($0.score))
        }, of: space.reference
      ) { "cosine \(Float($0).shown)" }
    } else {
      let rule = request.hashRule ?? HashRule(bits: HashRule.usualBits)
      near = .hash(rule)
      let contents = GroupContents(items, [])
      let hashes = contents.members.indices.map { content in
        prints.byContent[contents.item(of: content).hash]
          .flatMap { $0.isBlank ? nil : $0.hashes }
      }
      do {
        let found = try await hashLinks(
          of: hashes, rule, in: collection, atMost: request.mostPairs, handler)
        audit.addNear(
          found.map {
            (contents.item(of: $0.left).id, contents.item(of: $0.right).id, $0.score)
          }, of: "hash"
        ) { Wording.count(Int(-$0), "bit differs", "bits differ") }
      } catch let error as ParallaxError
        where error.code == .tooManyPairs && request.hashRule == nil
      {
        // Nobody asked for hashes: what else was looked for must not be lost.
        handler(
          .warning(
            "near-duplicates are left out: \(error.message)"
              + (error.hint.map { "; \($0)" } ?? "")))
      }
    }
    if let field = request.field {
      let table = try workspace.fieldColumns([field], of: collection, option: Self.field)
      audit.addLeaks(of: field, Dictionary(zip(table.items, table.columns[0].values)) { $1 })
    }
    let spaces = try workspace.spaces(in: collection)
    for space in spaces {
      try Task.checkCancellation()
      let embedded = try workspace.embeddedHashes(in: space)
      let missing = items.filter { item in
        let hash = space.spec.content.hash(file: item.hash, text: item.text)
        return hash == nil || hash != embedded[item.rowID]
      }
      audit.addMissingVectors(missing.map(\.id).sorted(), in: space)
    }
    for field in try workspace.fields(in: collection) where field.nulls > 0 {
      try Task.checkCancellation()
      audit.addGaps(field, Set(try workspace.items(without: field.name, in: collection)))
    }
    return CollectionAudit(
      collection: collection, space: space, near: near, findings: audit.findings,
      items: items.count,
      sizes: CollectionAudit.Sizes(items.compactMap { prints.byContent[$0.hash] }))
  }
}

/// Collects what is found.
private struct AuditFindings {
  typealias Case = CollectionAudit.Case

  /// Ascending by id.
  let items: [ItemRecord]
  let prints: CollectionFingerprints
  private(set) var findings: [CollectionAudit.Finding] = []
  /// Pairs of items that are near and show not the same, with how near.
  private var near: [Case] = []

  init(items: [ItemRecord], prints: CollectionFingerprints) {
    self.items = items.sorted { $0.id < $1.id }
    self.prints = prints
  }

  /// What an item shows: its pixels, or its bytes where they cannot be decoded.
  private func shown(_ item: ItemRecord) -> ContentHash {
    prints.byContent[item.hash]?.pixels ?? item.hash
  }

  private mutating func add(
    _ kind: CollectionAudit.Kind, _ cases: [Case], of total: Int? = nil, subject: String? = nil
  ) {
    findings.append(.init(kind: kind, subject: subject, cases: cases, total: total ?? items.count))
  }

  mutating func addPictures() {
    let gone: [ParallaxError.Code] = [.changedFile, .unreadableFile]
    let failures = prints.failures.sorted { $0.item.id < $1.item.id }
    for (kind, isGone) in [(CollectionAudit.Kind.missing, true), (.broken, false)] {
      add(
        kind,
        failures.filter { gone.contains($0.error.code) == isGone }.map {
          Case(item: $0.item.id, detail: $0.error.message)
        })
    }
    let pictures = items.compactMap { item in
      prints.byContent[item.hash].map { (item: item, print: $0) }
    }
    func survey(_ kind: CollectionAudit.Kind, _ detail: (Fingerprint) -> String?) {
      add(
        kind,
        pictures.compactMap { picture in
          detail(picture.print).map { Case(item: picture.item.id, detail: $0) }
        }, of: pictures.count)
    }
    survey(.blank) { print in
      print.isBlank
        ? "colours vary by \(Wording.thousandths(print.spread)) of 255 levels" : nil
    }
    survey(.borders) { Self.borders(of: $0) }
    let pixels = pictures.map { $0.print.width * $0.print.height }.sorted()
    let median = pixels.isEmpty ? 0 : Double(pixels[pixels.count / 2])
    func size(_ print: Fingerprint) -> String { "\(print.width) × \(print.height)" }
    survey(.small) { print in
      Double(print.width * print.height) * AuditRequest.pixelFactor < median ? size(print) : nil
    }
    survey(.large) { print in
      Double(print.width * print.height) > median * AuditRequest.pixelFactor ? size(print) : nil
    }
    survey(.narrow) { print in
      let (long, short) = (max(print.width, print.height), min(print.width, print.height))
      return Double(long) >= AuditRequest.narrow * Double(short) ? size(print) : nil
    }
  }

  private static func borders(of print: Fingerprint) -> String? {
    let margins = print.margins
    // A sky or a dark floor fills one edge; what frames a picture is on two opposite ones, about as wide on both.
    let sides = [
      (names: ("left", "right"), widths: (margins.left, margins.right), of: print.width),
      (names: ("top", "bottom"), widths: (margins.top, margins.bottom), of: print.height),
    ].filter { side in
      let (least, most) = (
        min(side.widths.0, side.widths.1), max(side.widths.0, side.widths.1)
      )
      return least > 1 && Double(least) >= AuditRequest.border * Double(side.of)
        && most <= 2 * least
    }
    guard !sides.isEmpty else { return nil }
    return sides.map { "\($0.names.0) \($0.widths.0), \($0.names.1) \($0.widths.1)" }
      .joined(separator: ", ") + " pixels"
  }

  private static let (sameBytes, samePixels) = ("the same bytes", "the same pixels")

  /// Files with the same bytes, and others with the same pixels: of each group, the others with the first.
  mutating func addCopies() {
    var (first, copies): ([ContentHash: ItemID], [Case]) = ([:], [])
    var (shown, same): ([ContentHash: ItemRecord], [Case]) = ([:], [])
    for item in items {
      if let other = first[item.hash] {
        copies.append(Case(item: item.id, other: other, detail: Self.sameBytes))
        continue
      }
      first[item.hash] = item.id
      guard let print = prints.byContent[item.hash] else { continue }
      if let other = shown[print.pixels] {
        same.append(Case(item: item.id, other: other.id, detail: Self.samePixels))
      } else {
        shown[print.pixels] = item
      }
    }
    add(.copies, copies)
    add(.pixels, same)
  }

  /// - Parameter words: of a similarity, of which larger ones come first.
  mutating func addNear(
    _ pairs: [(ItemID, ItemID, Double)], of subject: String, _ words: (Double) -> String
  ) {
    let looks = Dictionary(uniqueKeysWithValues: items.map { ($0.id, shown($0)) })
    near = pairs.filter { looks[$0.0] != looks[$0.1] }
      .sorted { $0.2 != $1.2 ? $0.2 > $1.2 : ($0.0, $0.1) < ($1.0, $1.1) }
      .map { Case(item: $0.0, other: $0.1, detail: words($0.2)) }
    add(.near, near, subject: subject)
  }

  /// Pictures that show the same and have different values of a field: of those with the same pixels or bytes, each with the
  /// first that has a value. For one without a value, any that shows the same speaks.
  ///
  /// - Parameter values: by item; null where there is none.
  mutating func addLeaks(of field: String, _ values: [ItemRecord.RowID: Value]) {
    typealias Known = (item: ItemRecord, value: Value)
    var first: [ContentHash: Known] = [:]
    var cases: [Case] = []
    func leak(_ one: Known, _ other: Known, _ how: String) {
      guard one.value != other.value else { return }
      cases.append(
        Case(
          item: one.item.id, other: other.item.id,
          detail: "\(one.value.plainText) and \(other.value.plainText): \(how)"))
    }
    func known(_ item: ItemRecord) -> Known? {
      guard let value = values[item.rowID], value != .null else { return nil }
      return (item, value)
    }
    for item in items {
      guard let own = known(item) else { continue }
      guard let other = first[shown(item)] else {
        first[shown(item)] = own
        continue
      }
      leak(other, own, item.hash == other.item.hash ? Self.sameBytes : Self.samePixels)
    }
    let byID = Dictionary(uniqueKeysWithValues: items.map { ($0.id, $0) })
    var pairs: Set<[ItemID]> = []
    for pair in near {
      let ends = [pair.item, pair.other].compactMap { id in id.flatMap { byID[$0] } }
        .compactMap { known($0) ?? first[shown($0)] }
      guard ends.count == 2, pairs.insert(ends.map(\.item.id)).inserted else { continue }
      leak(ends[0], ends[1], pair.detail)
    }
    add(.leaks, cases, subject: field)
  }

  mutating func addMissingVectors(_ missing: [ItemID], in space: Space) {
    add(
      .vectors, missing.map { Case(item: $0, detail: "no vector of its present bytes") },
      subject: space.reference)
    findings[findings.count - 1].space = space
  }

  mutating func addGaps(_ field: FieldSummary, _ missing: Set<ItemRecord.RowID>) {
    add(
      .values,
      items.filter { missing.contains($0.rowID) }.map { Case(item: $0.id, detail: "no value") },
      subject: field.name)
  }
}
