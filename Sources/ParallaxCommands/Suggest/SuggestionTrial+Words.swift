internal import ParallaxCore
internal import ParallaxEvaluation
internal import ParallaxReporting
internal import ParallaxStatistics
internal import ParallaxStorage
internal import ParallaxWorkbench

extension SuggestionTrial {
  /// A sentence or two for each field: how right the cases would have been on one another.
  var notes: [String] { fields.flatMap { $0.sentences(of: request) } }

  var warnings: [String] {
    var warnings: [String] = []
    let noun = space.spec.content.noun
    if withoutVector > 0 {
      warnings.append(
        "\(Wording.count(withoutVector, "\(noun) has", "\(noun)s have")) no vector in "
          + "'\(space.reference)' and \(withoutVector == 1 ? "is" : "are") no case: "
          + space.remedyForMissing)
    }
    if cases <= request.count {
      warnings.append(
        "there are only \(Wording.count(cases, "case")): each was asked of the "
          + "\(Wording.count(cases - 1)) \(cases == 2 ? "other" : "others"), not of \(request.count)"
      )
    }
    for field in fields where field.cases == 0 {
      warnings.append("no case has a value of '\(field.name)': nothing can be suggested for it")
    }
    return warnings
  }
}

extension SuggestionTrial.Field {
  fileprivate func sentences(of request: SuggestRequest) -> [String] {
    guard cases > 0 else { return [] }
    var sentences: [String] = []
    switch outcome {
    case .categories(let trial, let names):
      sentences.append(Self.sentence(name, trial, names, request))
      if case .categories(let apart, _)? = self.apart,
        let share = Share(apart.all.right, of: apart.all.cases)
      {
        sentences.append(easier("right in \(Self.percent(share))"))
      }
    case .numbers(let trial):
      sentences.append(sentence(trial))
      if case .numbers(let apart)? = self.apart, let error = apart.medianError {
        sentences.append(
          easier("off by \(amount(error, apart.medianErrorInterval)) at the median"))
      }
    }
    return sentences
  }

  private func easier(_ rest: String) -> String {
    "\(name): \(Wording.count(nearCopies)) of them \(nearCopies == 1 ? "has" : "have") a near-copy "
      + "(cosine from \(Wording.number(SuggestRequest.nearCopy.shown)) on), which makes this easy: "
      + "without those \(rest)"
  }

  private static func sentence(
    _ field: String, _ trial: CategoryTrial, _ names: [Value], _ request: SuggestRequest
  ) -> String {
    guard let right = Share(trial.all.right, of: trial.all.cases) else { return "" }
    var text = "\(field): right in \(percent(right)) of your own \(Wording.count(right.of, "case"))"
    if let usual = trial.mostFrequent {
      let share = Double(trial.byCategory[usual].cases) / Double(right.of)
      text +=
        "; always '\(names[usual].plainText)' would be in \(Wording.percent(share, digits: 0))"
      if share >= right.interval.low { text += ", so the votes are not clearly better" }
    }
    let least = Wording.number(request.minimumAgreement)
    guard let answers = Share(trial.all.rightAnswers, of: trial.all.answered) else {
      return "\(text); of none \(least) agree: it always abstains"
    }
    return
      "\(text); where at least \(least) agree, right in \(percent(answers)), and it abstains in "
      + Wording.percent(1 - Double(trial.all.answered) / Double(right.of), digits: 0)
  }

  private func sentence(_ trial: NumberTrial) -> String {
    guard let error = trial.medianError, let usual = trial.usualError else {
      return "\(name): no case has a neighbour with a value"
    }
    let inside = Double(trial.inside) / Double(max(1, trial.answered))
    let unanswered =
      trial.unanswered == 0
      ? "" : "; \(Wording.count(trial.unanswered)) have no neighbour with a value"
    let interval = trial.medianErrorInterval
    let isClear = interval.map { $0.high < usual } ?? false
    return
      "\(name): off by \(amount(error, interval)) at the median in your own \(Wording.count(trial.cases, "case"))"
      + "; always the median of all would be by \(amount(usual))"
      + (isClear ? "" : ", so the votes are not clearly better")
      + "; the range holds the true value in "
      + "\(Wording.percent(inside, digits: 0))\(unanswered)"
  }

  /// A difference of two values in words, with its interval: `2.5 [1, 4]`.
  private func amount(_ difference: Double, _ interval: Interval? = nil) -> String {
    func text(_ difference: Double) -> String {
      let text = Wording.thousandths(kind == .date ? difference / Self.day : difference)
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    return text(difference) + (interval.map { " [\(text($0.low)), \(text($0.high))]" } ?? "")
      + (kind == .date ? " days" : "")
  }

  /// Seconds.
  private static let day = 86_400.0

  /// As errors stand in a table: of dates in days.
  func shown(_ difference: Double?) -> Value {
    difference.map { .real(kind == .date ? $0 / Self.day : $0) } ?? .null
  }

  private static func percent(_ share: Share) -> String {
    let interval = share.interval
    return Wording.percent(share.value, digits: 0)
      + " [\(Wording.fixed(interval.low * 100, digits: 0)), "
      + "\(Wording.fixed(interval.high * 100, digits: 0))]"
  }
}
