extension ParsedCommand {
  /// Full verb and option names, objects first, minimal quoting, variables kept.
  package var canonical: String {
    let objects = self.objects.map { use in
      use.spec.canonical(use.word.literal) { Quoting.word(use.word, in: .object) }
    }
    let options = self.options.map { use in
      use.spec.canonical(
        use.value.map { Quoting.word($0, in: use.spec.place) }, weight: use.weight,
        isNegated: use.isNegated)
    }
    return ([verb] + objects + options).joined(separator: " ")
  }
}

extension Arguments {
  /// As ``ParsedCommand/canonical``, with the variables filled in.
  package var canonical: String {
    let objects = boundObjects.map { object in
      object.spec.canonical(object.value.text) {
        Quoting.word(object.value.text, in: .object)
      }
    }
    let options = boundOptions.map { option in
      let isOnlyElement = option.spec.kind == .list && option.values.count == 1
      let values = option.values.map {
        isOnlyElement && $0.bound.text.contains(",")
          ? Quoting.element($0.bound.text) : Quoting.word($0.bound.text, in: option.spec.place)
      }
      return option.spec.canonical(
        values.isEmpty ? nil : values.joined(separator: ","), weight: option.values.first?.weight,
        isNegated: option.isNegated)
    }
    return ([verb] + objects + options).joined(separator: " ")
  }
}

extension ObjectSpec {
  /// Keywords such as `=` stand as they are; anything else as `word` writes it.
  fileprivate func canonical(_ literal: String?, word: () -> String) -> String {
    if case .choice(let words) = type, let literal, words.contains(literal) { return literal }
    return word()
  }
}

extension OptionSpec {
  fileprivate var place: Quoting.Place {
    switch kind {
    case .flag, .single: []
    case .list: .list
    case .weighted: .weighted
    }
  }

  fileprivate func canonical(_ value: String?, weight: Double?, isNegated: Bool) -> String {
    guard let value else { return "--\(isNegated ? "no-" : "")\(name)" }
    let tail = weight.map { "^\(Numbers.text($0))" } ?? ""
    let isMisread = value.hasPrefix("--") || value.hasPrefix("#")
    let separator = isMisread ? "=" : " "
    return "--\(name)\(separator)\(value)\(tail)"
  }
}
