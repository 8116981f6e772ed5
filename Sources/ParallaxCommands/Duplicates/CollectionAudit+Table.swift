internal import CommandLanguage
internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxStorage
internal import ParallaxWorkbench

extension CollectionAudit {
  /// Examples that a row shows.
  private static let named = 3

  /// A row for each thing that was looked for.
  func table(_ request: AuditRequest) -> Table {
    Table(
      columns: [
        .init("finding", .text, isKey: true), .init("of", .text),
        .init("count", .integer, isKey: true), .init("total", .integer),
        .init("examples", .text, isMain: true), .init("command", .text, wraps: true),
      ],
      rows: findings.map { finding in
        let count = finding.cases.count
        return [
          .text(finding.kind.rawValue), Value(finding.subject), Value(count),
          Value(finding.total), count > 0 ? .text(Self.examples(finding)) : .null,
          count > 0 ? .text(command(finding, request)) : .null,
        ]
      })
  }

  /// A row for each case of a kind.
  func cases(of kind: Kind) -> Table {
    Table(
      columns: [
        .init("finding", .text), .init("of", .text), .init("id", .text, isKey: true),
        .init("other", .text, isKey: true), .init("detail", .text, isMain: true),
      ],
      rows: findings.filter { $0.kind == kind }.flatMap { finding in
        finding.cases.map { one in
          [
            .text(kind.rawValue), Value(finding.subject), .text(one.item.rawValue),
            Value(one.other?.rawValue), .text(one.detail),
          ]
        }
      })
  }

  private static func examples(_ finding: Finding) -> String {
    let rest = finding.cases.count - named
    let names = finding.cases.prefix(named).map { one in
      one.other.map { "\(one.item.rawValue) = \($0.rawValue)" } ?? one.item.rawValue
    }
    return names.joined(separator: ", ") + (rest > 0 ? " and \(Wording.count(rest)) more" : "")
  }

  /// What shows or mends it.
  private func command(_ finding: Finding, _ request: AuditRequest) -> String {
    let name = collection.name
    switch finding.kind {
    case .missing: return "sync \(name)"
    case .vectors: return finding.space?.lineForMissing ?? "embed \(name)"
    case .copies, .pixels: return "dedupe \(name) --by pixels"
    case .near:
      switch near {
      case .cosine(let least):
        return "dedupe \(space?.reference ?? name) --min-score \(Wording.number(least))"
      case .hash(let rule): return "dedupe \(name) --by hash --hash-bits \(rule.bits)"
      case .pixels: return "dedupe \(name) --by pixels"
      }
    case .broken, .blank, .borders, .small, .large, .narrow, .values:
      return "audit \(space?.reference ?? name) --list \(finding.kind.rawValue)"
    case .leaks:
      return
        "audit \(space?.reference ?? name) --field \(Quoting.quoted(request.field ?? "")) "
        + (near.isCosine
          ? "--min-score \(Wording.number(near.threshold))" : "--hash-bits \(Int(-near.threshold))")
        + " --list leaks"
    }
  }

  var footer: [String] {
    var parts = [Wording.count(items, "picture")]
    if let sizes {
      func text(_ size: (width: Int, height: Int)) -> String { "\(size.width) × \(size.height)" }
      parts.append(
        "\(text(sizes.smallest)) to \(text(sizes.largest)), median \(text(sizes.median)) pixels")
    }
    let found = Set(findings.filter { !$0.cases.isEmpty }.map(\.kind)).count
    parts.append(
      found == 0 ? "nothing to mend" : Wording.count(found, "kind of fault", "kinds of fault"))
    return parts
  }
}
