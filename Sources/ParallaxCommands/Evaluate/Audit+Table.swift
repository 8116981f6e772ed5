internal import ParallaxCore
internal import ParallaxReporting
internal import ParallaxWorkbench

extension Audit {
  /// A row for each thing that was looked at.
  var table: Table {
    Table(
      columns: [
        .init("check", .text, isKey: true), .init("system", .text, isKey: true),
        .init("metric", .text, isKey: true), .init("value", .real, isKey: true),
        .init("other", .real, isKey: true), .init("count", .integer, isKey: true),
        .init("finding", .text, isKey: true), .init("meaning", .text, isMain: true, wraps: true),
      ],
      rows: findings.map { finding in
        [
          .text(finding.check.rawValue), Value(finding.system), Value(finding.metric),
          finding.value.map { .real($0) } ?? .null, finding.other.map { .real($0) } ?? .null,
          finding.count.map { Value($0) } ?? .null, .text(finding.isSuspicious ? "look" : "fine"),
          .text(finding.meaning),
        ]
      })
  }

  /// Parts of the line under the table.
  var footer: [String] {
    let checks = Check.allCases.filter { check in
      findings.contains { $0.check == check && $0.isSuspicious }
    }
    return [
      checks.isEmpty
        ? "nothing to look at"
        : "look at: \(checks.map(\.rawValue).joined(separator: ", "))",
      "seed \(seed)",
    ]
  }
}
