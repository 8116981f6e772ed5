private import ParallaxCore

/// What a word that has no place in a command was probably meant to be.
struct StrayWord {
  let word: Word
  /// All words of the command, its verb first.
  let words: [Word]
  let options: [ParsedCommand.OptionUse]
  /// The objects that found their places.
  let objects: [ParsedCommand.ObjectUse]
  let signature: CommandSignature
  let source: SourceText

  private var text: String { source[word.range] }
  private var index: Int { words.firstIndex { $0.range == word.range } ?? 0 }
  private var previous: Word? { index > 0 ? words[index - 1] : nil }

  /// The hint that fits, the most certain first.
  var hint: String? {
    redirection ?? equals ?? separatedWeight ?? separatedSpace ?? afterOption ?? brokenName
      ?? fallback
  }

  /// `> out.txt`, `& …`
  private var redirection: String? {
    guard let bare = word.bareText else { return nil }
    if bare.hasPrefix("&") { return "separate commands with ';'" }
    guard let sign = bare.first(where: { !$0.isNumber }), sign == ">" || sign == "<" else {
      return nil
    }
    let name = bare.drop { $0.isNumber || $0 == sign }
    let file =
      name.isEmpty ? words.dropFirst(index + 1).first.map { source[$0.range] } : String(name)
    if sign == "<" { return "'run \(file ?? "FILE")' runs a script" }
    return signature.producesResult
      ? "'| export --to \(file ?? "FILE")' writes a file" : "'export --to FILE' writes a file"
  }

  /// `set mode = csv`
  private var equals: String? {
    guard let at = words.firstIndex(where: { $0.bareText == "=" }) else { return nil }
    let kept = words.enumerated().filter { $0.offset != at }.map { source[$0.element.range] }
    return "no '=' belongs here: \(kept.joined(separator: " "))"
  }

  /// `"dog" ^0.5`
  private var separatedWeight: String? {
    guard word.bareText?.hasPrefix("^") ?? false, let previous else { return nil }
    return "write a weight directly after its value: \(source[previous.range])\(text)"
  }

  /// `photos @base`
  private var separatedSpace: String? {
    guard word.bareText?.hasPrefix("@") ?? false, let previous else { return nil }
    return "write it without a space: \(source[previous.range])\(text)"
  }

  /// What follows the value of an option, or a flag.
  private var afterOption: String? {
    guard let previous,
      let use = options.last(where: { $0.range.lowerBound < word.range.lowerBound }),
      previous.range.upperBound >= (use.value?.range.upperBound ?? use.range.upperBound),
      previous.range.lowerBound <= (use.value?.range.lowerBound ?? use.range.lowerBound)
    else { return nil }
    let option = "--\(use.spec.name)"
    guard let value = use.value else { return "'\(option)' takes no value" }
    let earlier = source[value.range]
    switch use.spec.kind {
    case .list where earlier.hasSuffix(",") || text.hasPrefix(","):
      return "write no space after the comma: \(option) \(earlier)\(text)"
    case .list: return "separate the values with commas: \(option) \(earlier),\(text)"
    case .weighted where value.bareText == nil || word.bareText == nil:
      return "repeat the option for each value: \(option) \(earlier) \(option) \(text)"
    case .weighted, .single:
      guard value.bareText != nil, use.spec.type.mayHaveBlanks else {
        return "'\(option)' takes one value"
      }
      return "put a text with spaces in quotes: \(option) \"\(earlier) \(text)\""
    case .flag: return nil
    }
  }

  /// `create collection my photos`
  private var brokenName: String? {
    guard let previous, let use = objects.last, use.word.range == previous.range else { return nil }
    switch use.spec.type {
    case .name, .collection, .space, .object, .result, .resultOrSpace:
      let name = [previous, word].map { source[$0.range] }.joined(separator: "_")
      return use.spec.type == .name ? "a name has no spaces: \(name)" : nil
    case .path, .text:
      return previous.bareText == nil
        ? nil : "put a text with spaces in quotes: \"\(source[previous.range]) \(text)\""
    default: return nil
    }
  }

  private var fallback: String? {
    signature.objects.isEmpty ? "only options can follow '\(signature.verb)'" : nil
  }
}

extension ValueType {
  /// Whether a value of several words is likely.
  fileprivate var mayHaveBlanks: Bool {
    switch self {
    case .text, .path, .expression, .order, .itemID: true
    default: false
    }
  }
}
