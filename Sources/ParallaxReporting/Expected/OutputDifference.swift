private import ParallaxText

extension OutputComparison {
  /// A line of a difference.
  package struct DifferenceLine: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
      case same, missing, extra, remark
    }

    package let kind: Kind
    package let text: String

    package init(kind: Kind, text: String) {
      self.kind = kind
      self.text = text
    }
  }

  /// Lines shown on either side of one that differs.
  private static let context = 2

  /// What differs, with a few lines around it, and which value of a row is another.
  package var difference: [DifferenceLine] {
    var lines: [DifferenceLine] = []
    for step in alignment.steps {
      switch step {
      case .same(_, let new): lines.append(.init(kind: .same, text: printed[new]))
      case .wild(let line, _): lines.append(.init(kind: .same, text: expected[line]))
      case .missing(let line): lines.append(.init(kind: .missing, text: expected[line]))
      case .extra(let new): lines.append(.init(kind: .extra, text: printed[new]))
      case .changed(let line, let new):
        lines.append(.init(kind: .missing, text: expected[line]))
        lines.append(.init(kind: .extra, text: printed[new]))
        if let remark = remark(expected[line], printed[new]) {
          lines.append(.init(kind: .remark, text: remark))
        }
      }
    }
    return Self.shortened(lines)
  }

  /// Which words of a row are others, by the names of their columns.
  private func remark(_ expected: String, _ printed: String) -> String? {
    let (wanted, spans) = (LineMatcher.words(expected), RowOrder.spans(printed))
    let header = original.values == nil ? [] : RowOrder.spans(self.printed.first ?? "")
    var parts: [String] = []
    for step in matcher.alignment(wanted, spans.map(\.word)).steps {
      guard case .changed(let old, let new) = step else { continue }
      let columns = spans[new].columns
      let name = header.first {
        $0.columns.lowerBound == columns.lowerBound || $0.columns.upperBound == columns.upperBound
      }
      parts.append("\(name.map { "\($0.word) " } ?? "")\(wanted[old]) is now \(spans[new].word)")
    }
    return (1...3).contains(parts.count) ? parts.joined(separator: ", ") : nil
  }

  /// Without the lines that are far from any difference.
  private static func shortened(_ lines: [DifferenceLine]) -> [DifferenceLine] {
    let changes = lines.indices.filter { lines[$0].kind != .same }
    guard let first = changes.first, let last = changes.last else { return [] }
    var kept = Set<Int>()
    for index in changes { kept.formUnion(index - context...index + context) }
    // A table is read by its header.
    kept.insert(0)
    var result: [DifferenceLine] = []
    for index in lines.indices {
      if kept.contains(index) {
        result.append(lines[index])
      } else if index < first || index < last, result.last?.text != "…" {
        result.append(.init(kind: .same, text: "…"))
      }
    }
    if last + context + 1 < lines.count { result.append(.init(kind: .same, text: "…")) }
    return result
  }
}
