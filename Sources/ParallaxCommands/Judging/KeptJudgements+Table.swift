internal import ParallaxCore
internal import ParallaxReporting
private import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension KeptJudgements {
  /// A row for each pair with a grade that counts.
  func table(of counted: [Counted]) -> Table {
    Table(
      columns: [
        .init("query", .text, isKey: true), .init("text", .text, isMain: true),
        .init("id", .text, isKey: true), .init("grade", .integer, isKey: true),
        .init("judges", .integer), .init("rule", .text),
      ],
      rows: counted.map { row in
        [
          .text(row.question), Value(questions[row.question]?.words), .text(row.item.rawValue),
          Value(row.grade), Value(row.judges), .text(row.rule.rawValue),
        ]
      })
  }

  /// A row for each pair, with what everybody said.
  func table(of disagreements: [Pair]) -> Table {
    Table(
      columns: [
        .init("query", .text, isKey: true), .init("text", .text, isMain: true),
        .init("id", .text, isKey: true), .init("spread", .integer, isKey: true),
        .init("settled", .integer),
        .init("grades", .text, isKey: true),
      ],
      rows: disagreements.map { pair in
        [
          .text(pair.question), Value(questions[pair.question]?.words), .text(pair.item.rawValue),
          Value(pair.spread), pair.settled.map { Value($0.grade) } ?? .null,
          .text(pair.people.words),
        ]
      })
  }

  /// Rows of the table of all sets: one for each judge.
  var summaryRows: [[Value]] {
    let settled = pairs.count { $0.settled != nil }
    func row(_ judge: Judge?) -> [Value] {
      let own = pairs.flatMap(\.grades).filter { $0.judge == judge?.name && $0.kind == judge?.kind }
      let counts = Grade.scale.map { grade in Value(own.count { $0.grade == grade }) }
      let who: [Value] = [
        .text(set.name), .text(set.collection), Value(judge?.name), Value(judge?.kind.rawValue),
        Value(Set(own.map(\.question)).count), Value(own.count),
      ]
      return who + counts + [Value(settled), Value(own.map(\.at).max())]
    }
    return judges.isEmpty ? [row(nil)] : judges.map(row)
  }

  static let summaryColumns: [Table.Column] =
    [
      .init("judgements", .text, isKey: true), .init("collection", .text),
      .init("judge", .text, isKey: true), .init("kind", .text), .init("questions", .integer),
      .init("graded", .integer, isMain: true),
    ] + Grade.scale.map { .init("of_\($0)", .integer) } + [
      .init("settled", .integer), .init("last", .text),
    ]
}

extension [Grade] {
  /// Who said what: `anna 3, ben 1`.
  var words: String { map { "\($0.judge) \($0.grade)" }.joined(separator: ", ") }
}

extension [JudgeAgreement] {
  /// A row for each two judges and measure; one of all people has no names.
  var table: Table {
    Table(
      columns: [
        .init("judge", .text, isKey: true), .init("other", .text, isKey: true),
        .init("measure", .text, isKey: true), .init("value", .real, isMain: true),
        .init("low", .real), .init("high", .real), .init("graded", .integer),
        .init("questions", .integer),
      ],
      rows: map { row in
        func real(_ value: Double?) -> Value { value.map { .real($0) } ?? .null }
        return [
          Value(row.one?.name), Value(row.other?.name), .text(row.measure.rawValue),
          real(row.value), real(row.interval?.low), real(row.interval?.high), Value(row.pairs),
          Value(row.questions),
        ]
      })
  }

  /// What the numbers leave out.
  var remarks: [String] {
    guard !isEmpty else { return ["no answer was graded by two judges yet"] }
    var remarks: [String] = []
    if contains(where: { $0.value == nil }) {
      remarks.append("no value where every grade is the same: chance alone agrees as much")
    }
    let without = filter { $0.value != nil && $0.interval == nil }
    if without.contains(where: { $0.questions < 2 }) {
      remarks.append("no interval below two questions")
    }
    if without.contains(where: { $0.questions > 1 }) {
      remarks.append(
        "no interval where the grades of all questions but one are the same")
    }
    return remarks
  }
}
