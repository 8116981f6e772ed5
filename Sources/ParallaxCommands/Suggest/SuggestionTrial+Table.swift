internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension SuggestionTrial {
  /// A row for each field, and below one of categories a row for each of its values, the most frequent first.
  ///
  /// Columns that say something of one kind of field alone are left out where no such field is asked for.
  var table: Table {
    let kinds: [(isOfNumbers: Bool, column: Table.Column)] = [
      (false, .init("right", .real, isMain: true)), (false, .init("low", .real)),
      (false, .init("high", .real)), (false, .init("usual", .real)),
      (false, .init("answered", .real)), (false, .init("precision", .real, isMain: true)),
      (false, .init("mistaken_for", .text)), (false, .init("right_apart", .real)),
      (true, .init("error", .real, isMain: true)), (true, .init("error_low", .real)),
      (true, .init("error_high", .real)), (true, .init("usual_error", .real)),
      (true, .init("inside", .real)), (true, .init("error_apart", .real)),
    ]
    let given = Set(fields.map(\.isOfNumbers))
    let columns = kinds.filter { given.contains($0.isOfNumbers) }.map(\.column)
    return Table(
      columns: [
        .init("field", .text, isKey: true), .init("value", .text, isKey: true, isMain: true),
        .init("cases", .integer), .init("missing", .integer),
      ] + columns,
      rows: fields.flatMap(\.rows).map { row in
        [row.field, row.value, Value(row.cases), row.missing.map { Value($0) } ?? .null]
          + columns.map { row.numbers[$0.name] ?? .null }
      })
  }
}

/// A row of the table, with what is known by column.
private struct TrialRow {
  var field: Value
  var value = Value.null
  var cases: Int
  var missing: Int?
  var numbers: [String: Value] = [:]
}

extension SuggestionTrial.Field {
  var isOfNumbers: Bool {
    if case .numbers = outcome { true } else { false }
  }

  fileprivate var rows: [TrialRow] {
    var all = TrialRow(field: .text(name), cases: cases, missing: missing)
    switch outcome {
    case .numbers(let trial):
      all.numbers["error"] = shown(trial.medianError)
      let interval = trial.medianErrorInterval
      all.numbers["error_low"] = shown(interval?.low)
      all.numbers["error_high"] = shown(interval?.high)
      all.numbers["usual_error"] = shown(trial.usualError)
      all.numbers["inside"] = Self.share(trial.inside, of: trial.answered)
      if case .numbers(let apart)? = self.apart {
        all.numbers["error_apart"] = shown(apart.medianError)
      }
      return [all]
    case .categories(let trial, let names):
      all.numbers = Self.numbers(trial.all)
      all.numbers["precision"] = Self.share(trial.all.rightAnswers, of: trial.all.answered)
      all.numbers["usual"] = trial.mostFrequent.map {
        Self.share(trial.byCategory[$0].cases, of: trial.all.cases)
      }
      if case .categories(let apart, _)? = self.apart {
        all.numbers["right_apart"] = Self.share(apart.all.right, of: apart.all.cases)
      }
      let order = names.indices.filter { trial.byCategory[$0].cases > 0 }.sorted {
        let (one, other) = (trial.byCategory[$0].cases, trial.byCategory[$1].cases)
        return one != other ? one > other : $0 < $1
      }
      return [all] + order.map { row(of: $0, trial, names) }
    }
  }

  private func row(of category: Int, _ trial: CategoryTrial, _ names: [Value]) -> TrialRow {
    let count = trial.byCategory[category]
    var row = TrialRow(
      field: .text(name), value: .text(names[category].plainText), cases: count.cases)
    row.numbers = Self.numbers(count)
    row.numbers["precision"] = Self.share(count.rightAnswers, of: trial.answers[category])
    row.numbers["mistaken_for"] = trial.mistake(for: category).map { other, count in
      .text("\(names[other].plainText) (\(count))")
    }
    return row
  }

  private static func numbers(_ count: CategoryTrial.Count) -> [String: Value] {
    guard let right = Share(count.right, of: count.cases) else { return [:] }
    let interval = right.interval
    return [
      "right": .real(right.value), "low": .real(interval.low), "high": .real(interval.high),
      "answered": share(count.answered, of: count.cases),
    ]
  }

  private static func share(_ count: Int, of total: Int) -> Value {
    Share(count, of: total).map { .real($0.value) } ?? .null
  }
}
