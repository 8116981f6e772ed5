internal import ParallaxCore
internal import ParallaxIngest
internal import ParallaxReporting

/// One sentence for each kind of issue, with its number and the first case.
enum IssueSentences {
  struct Sentence: Sendable, Hashable {
    var text: String
    /// Whether nothing is amiss.
    var isNote: Bool
  }

  static func sentences(for issues: [IngestIssue]) -> [Sentence] {
    groups(issues).map { sentence(first: $0.first, count: $0.count) }
  }

  /// The first issue of each code and how many cases there are, in the order of their coming.
  static func groups(_ issues: [IngestIssue]) -> [(first: IngestIssue, count: Int)] {
    var places: [IngestIssue.Code: Int] = [:]
    var groups: [(first: IngestIssue, count: Int)] = []
    for issue in issues {
      // Each column has its own.
      let isAlone = [.columnOfTexts, .otherValue, .reservedColumn].contains(issue.code)
      if let place = places[issue.code], !isAlone {
        groups[place].count += issue.count
      } else {
        places[issue.code] = groups.count
        groups.append((issue, issue.count))
      }
    }
    return groups
  }

  static func sentence(first: IngestIssue, count: Int) -> Sentence {
    let more =
      count > 1 && first.count == 1 ? " (and \(Wording.count(count - 1)) more of this kind)" : ""
    return Sentence(text: "\(place(first))\(first.reason)\(more)", isNote: first.severity == .note)
  }

  /// `captions.csv, line 4: ` or `img/5.jpg: `.
  static func place(_ issue: IngestIssue) -> String {
    guard let line = issue.line else { return "\(issue.subject): " }
    return "\(name(issue.subject)), line \(line): "
  }

  /// The last part of a path.
  static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}

/// The sentences about rows of a table and images, which say how many of how many.
struct JoinSentences {
  private let join: MetadataJoin
  private let file: MetadataFile
  private let table: String

  init(_ join: MetadataJoin, of file: MetadataFile) {
    self.join = join
    self.file = file
    table = IssueSentences.name(file.path)
  }

  func sentences(for issues: [IngestIssue]) -> [IssueSentences.Sentence] {
    IssueSentences.groups(issues).compactMap { first, count in
      guard let text = text(first, count) else {
        return isCovered(first.code) ? nil : IssueSentences.sentence(first: first, count: count)
      }
      return IssueSentences.Sentence(text: text, isNote: first.severity == .note)
    }
  }

  /// Whether another sentence says it better.
  private func isCovered(_ code: IngestIssue.Code) -> Bool {
    code == .imageWithoutRow && join.rows.isEmpty
  }

  private func text(_ first: IngestIssue, _ count: Int) -> String? {
    let rows = Wording.count(file.rowCount)
    let number = Wording.count(count)
    let line = first.line.map { "line \($0)" } ?? ""
    switch first.code {
    case .duplicateKey:
      let column = ["caption", "text"].first { wanted in
        join.fields.contains { $0.column.name.lowercased() == wanted }
      }
      return "\(number) of \(rows) rows of \(table) were not used: their image has a row already "
        + "(from \(line) on; --multi \(column ?? "COLUMN") keeps them)"
    case .rowWithoutImage where join.rows.isEmpty:
      guard let image = join.exampleOfImage else { return "no row of \(table) matches an image" }
      return "no row of \(table) matches an image: keys look like '\(join.exampleOfKey)', "
        + "images like '\(image)'"
    case .rowWithoutImage:
      return "\(number) of \(rows) rows of \(table) were not used: they name no image "
        + "(first '\(join.exampleOfKey)', \(line))"
    case .imageWithoutRow where !join.rows.isEmpty:
      let images = Wording.count(join.rows.count + join.itemsWithoutRow.count)
      return "\(number) of \(images) images have no row in \(table) (first '\(first.subject)')"
    case .otherValue where count > 1:
      return "\(number) of \(rows) rows of \(table): \(first.reason)"
    case .emptyKey:
      return
        "\(number) of \(rows) rows of \(table) were not used: their key is empty (first \(line))"
    default: return nil
    }
  }
}
