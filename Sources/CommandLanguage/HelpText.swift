import ParallaxCore
private import ParallaxText

/// The pages of `help`, made from the signatures.
package struct HelpText: Sendable {
  private let registry: SignatureRegistry
  private let width: Int

  /// - Parameter width: terminal columns; at least 40 are used.
  package init(_ registry: SignatureRegistry, width: Int = 100) {
    self.registry = registry
    self.width = max(width, 40)
  }

  /// All commands by group, one line each.
  package func overview() -> String {
    var groups: [(name: String, signatures: [CommandSignature])] = []
    for signature in registry.signatures {
      if let index = groups.firstIndex(where: { $0.name == signature.group }) {
        groups[index].signatures.append(signature)
      } else {
        groups.append((signature.group, [signature]))
      }
    }
    let labels = registry.verbs
    return groups.map { group in
      let heading = group.name.isEmpty ? "" : "\(group.name)\n"
      return heading + rows(group.signatures.map { ($0.verb, $0.summary) }, alignedWith: labels)
    }.joined(separator: "\n")
  }

  /// The page of one verb or alias.
  ///
  /// - Throws: `ParallaxError` with a suggestion when there is no such verb.
  package func page(for verb: String) throws -> String {
    switch registry.match(verb) {
    case .exact(let signature), .alias(let signature), .prefix(let signature):
      return page(for: signature)
    case .ambiguous(let verbs):
      throw ParallaxError(
        .ambiguousName, "'\(verb)' may be \(CommandParser.alternatives(verbs))")
    case .reserved:
      throw ParallaxError(.reservedVerb, "'\(verb)' is reserved for a later version")
    case .unknown:
      let shown = TerminalText.truncated(verb, to: 40)
      throw ParallaxError(
        .unknownVerb, "unknown command '\(shown)'",
        hint: registry.suggestion(for: verb).map { "did you mean '\($0)'?" }
          ?? "'help' lists the commands")
    }
  }

  private func page(for signature: CommandSignature) -> String {
    let heading = wrapped("\(signature.verb): \(signature.summary)", indent: 0)
    var sections = [heading + usage(of: signature)]
    if !signature.discussion.isEmpty {
      sections += signature.discussion.paragraphs.map { wrapped($0, indent: 0) }
    }
    if !signature.options.isEmpty {
      let labels = signature.options.map { option in
        (option.shortName.map { "-\($0), " } ?? "") + option.label
      }
      let texts = signature.options.map { option in
        let value = option.defaultValue.map { " (default: \($0))" } ?? ""
        return option.help + option.choices + value + (option.isRequired ? " (required)" : "")
      }
      sections.append("options:\n" + rows(Array(zip(labels, texts)), alignedWith: labels))
    }
    if !signature.aliases.isEmpty {
      sections.append(
        "at the prompt also: \(signature.aliases.joined(separator: ", "))\n")
    }
    if !signature.examples.isEmpty {
      sections.append("examples:\n" + signature.examples.map(example).joined())
    }
    return sections.joined(separator: "\n")
  }

  /// A line that works, in several lines that work where it does not fit.
  private func example(_ line: String) -> String {
    guard TerminalText.width(of: line) + 2 > width else { return "  \(line)\n" }
    var lines: [String] = []
    var current = "  "
    for (index, word) in Lexer.wordTexts(of: line).enumerated() {
      // Room for the backslash at the end.
      if index > 0, TerminalText.width(of: current) + TerminalText.width(of: word) + 3 > width {
        lines.append(current + " \\")
        current = "    " + word
      } else {
        current += index == 0 ? word : " " + word
      }
    }
    return (lines + [current]).map { "\($0)\n" }.joined()
  }

  private func usage(of signature: CommandSignature) -> String {
    let items = signature.objects.map(\.usage) + signature.options.map(\.usage)
    return wrapped(["usage:", signature.verb] + items, indent: 0, hanging: 4)
  }

  /// A part of a page that is not about one command.
  package enum Section: Sendable {
    /// Wrapped to the width.
    case paragraph(String)
    /// Names, each with its explanation.
    case rows(heading: String, [(label: String, text: String)])
    /// Lines that work, as they are.
    case lines(heading: String, [String])
  }

  /// A page of a title and sections.
  package func page(_ title: String, _ sections: [Section]) -> String {
    let parts = sections.map { section in
      switch section {
      case .paragraph(let text): wrapped(text, indent: 0)
      case .rows(let heading, let rows):
        "\(heading):\n" + self.rows(rows, alignedWith: rows.map(\.label))
      case .lines(let heading, let lines):
        "\(heading):\n" + lines.map { "  \($0)\n" }.joined()
      }
    }
    return ([wrapped(title, indent: 0)] + parts).joined(separator: "\n")
  }

  // MARK: - Layout

  /// Two columns; a label too long for its column stands on its own line.
  private func rows(
    _ rows: [(label: String, text: String)], alignedWith labels: [String]
  ) -> String {
    let limit = min(30, width / 3)
    let column = labels.map { TerminalText.width(of: $0) }.filter { $0 <= limit }.max() ?? limit
    return rows.map { label, text in
      let gap = column - TerminalText.width(of: label)
      let body = wrapped(text, indent: column + 4)
      if gap < 0 { return "  \(label)\n\(body)" }
      return "  \(label)" + String(repeating: " ", count: gap) + body.dropFirst(column + 2)
    }.joined()
  }

  private func wrapped(_ text: String, indent: Int) -> String {
    let words = text.split { $0 == " " || $0 == "\n" }.map(String.init)
    return wrapped(words, indent: indent, hanging: 0)
  }

  /// Fills lines with words, each line ending with a line feed; `hanging` more blanks from the
  /// second line on.
  private func wrapped(_ words: [String], indent: Int, hanging: Int) -> String {
    var lines: [String] = []
    var line = String(repeating: " ", count: indent)
    var isEmpty = true
    for word in words {
      let needed = TerminalText.width(of: line) + TerminalText.width(of: word) + 1
      if !isEmpty, needed > width {
        lines.append(line)
        line = String(repeating: " ", count: indent + hanging)
        isEmpty = true
      }
      line += isEmpty ? word : " \(word)"
      isEmpty = false
    }
    return (lines + [line]).map { "\($0)\n" }.joined()
  }
}

extension Lexer {
  /// What stands between blanks outside quotes, as it is written.
  fileprivate static func wordTexts(of line: String) -> [String] {
    let source = SourceText(line, name: "")
    return scan(line).tokens.map { String(source[$0.range]) }
  }
}

extension OptionSpec {
  /// The values there are, as they follow what the option does.
  fileprivate var choices: String {
    if case .choice(let words) = type { ": " + words.joined(separator: ", ") } else { "" }
  }
}

extension String {
  /// The parts between empty lines.
  fileprivate var paragraphs: [String] {
    var paragraphs: [String] = [""]
    for line in split(separator: "\n", omittingEmptySubsequences: false) {
      if line.allSatisfy(\.isWhitespace) {
        paragraphs.append("")
      } else {
        paragraphs[paragraphs.count - 1] += "\(line)\n"
      }
    }
    return paragraphs.filter { !$0.isEmpty }
  }
}
