/// The complete words of a command before the cursor, sorted by what they are.
struct CommandWords {
  let signature: CommandSignature
  let isPiped: Bool
  private(set) var positional: [Word] = []
  /// The texts of options that take values.
  private(set) var values: [String: String] = [:]
  /// Options that may not stand again.
  private(set) var used: Set<String> = []
  private(set) var optionsEnded = false
  /// The option whose value is the next word.
  private(set) var pending: OptionSpec?

  init(_ words: [Word], _ signature: CommandSignature, isPiped: Bool) {
    self.signature = signature
    self.isPiped = isPiped
    for word in words.dropFirst() {
      if let option = pending {
        values[option.name] = word.literal
        pending = nil
      } else if optionsEnded || !word.startsOption {
        positional.append(word)
      } else if word.bareText == "--" {
        optionsEnded = true
      } else {
        pending = take(word)
      }
    }
  }

  private mutating func take(_ word: Word) -> OptionSpec? {
    let parts = word.cut(at: "=")
    guard let spec = signature.option(asTyped: parts?.before ?? word) else { return nil }
    if spec.kind == .flag || spec.kind == .single { used.insert(spec.name) }
    if let parts { values[spec.name] = parts.after?.literal }
    return parts == nil && spec.kind != .flag ? spec : nil
  }

  var placement: ObjectPlacement {
    ObjectPlacement(signature: signature, isPiped: isPiped, style: .interactive)
  }

  private var objects: [(spec: ObjectSpec, word: Word)] {
    zip(placement.places(for: positional.count), positional).map { ($0, $1) }
  }

  /// The collection, space or result that the command works on.
  var object: String? {
    for (spec, word) in objects {
      switch spec.type {
      case .collection, .space, .result, .object, .resultOrSpace, .system: return word.literal
      default: continue
      }
    }
    return nil
  }

  /// The text of the option or object of a name.
  func text(of name: String) -> String? {
    values[name] ?? objects.first { $0.spec.name == name }?.word.literal
  }
}

extension CommandSignature {
  /// The option that `word` names, in full, in short or by a beginning that fits no other.
  func option(asTyped word: Word) -> OptionSpec? {
    guard let text = word.bareText else { return nil }
    guard text.hasPrefix("--") else {
      return options.first { option in option.shortName.map { text == "-\($0)" } ?? false }
    }
    let name = String(text.dropFirst(2))
    if let exact = optionNames[name] { return exact.spec }
    let candidates = sortedOptionNames.filter { $0.hasPrefix(name) }
    return candidates.count == 1 ? optionNames[candidates[0]]?.spec : nil
  }
}
