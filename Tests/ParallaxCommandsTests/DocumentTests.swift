import CommandLanguage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// The pages for people name only what there is: commands and options, files and headings.
@Suite struct DocumentTests {
  /// The reference is written by the program; its examples have a test of their own.
  private static let pages =
    ["README.md", "CONTRIBUTING.md"]
    + files("docs").filter { $0 != "docs/reference.md" } + files("notebooks")
  private static let verbs = Set(CommandRegistry.signatures.verbs)

  private static func files(_ folder: String) -> [String] {
    TestFiles.names(in: "\(TestData.packageRoot)/\(folder)", endingWith: ".md").sorted()
      .map { "\(folder)/\($0)" }
  }

  private static func text(_ page: String) -> String {
    TestFiles.text(of: "\(TestData.packageRoot)/\(page)") ?? ""
  }

  @Test(arguments: pages)
  func `every command in a block can be typed`(page: String) throws {
    for command in Self.commands(of: Self.text(page)) {
      #expect(throws: Never.self, "\(page): \(command)") {
        // As at the prompt: a page may say 'use' first and leave the space out.
        try Parser(CommandRegistry.signatures, style: .interactive).parse(command, source: page)
      }
    }
  }

  @Test func `commands are found in blocks, behind blanks and in shell lines`() {
    let page = """
      ```
      let k = 3
      red = query a@b --text "x y" \\
        --top $k
      a line that is none
      ```
          parallax x.parallax -c 'list spaces ; quit' --mode csv
          show red --rows 2
      `show red`
      """.replacing("\n          ", with: "\n    ")
    #expect(
      Self.commands(of: page) == [
        "let k = 3", "red = query a@b --text \"x y\"   --top $k", "list spaces ; quit",
        "show red --rows 2",
      ])
    #expect(
      Self.options(of: "query … --dims 64 | show _ --rwos 2, or --top=3").map(\.option) == [
        "--dims", "--rwos", "--top",
      ])
    #expect(Self.commands(of: Self.text("docs/experiments.md")).count > 10)
  }

  /// The commands within a line of text name options that their verbs have.
  @Test(arguments: pages)
  func `every option beside a verb is one of it`(page: String) throws {
    // Between fences.
    let prose = Self.text(page).components(between: "```").joined(separator: "\n")
    for (place, span) in prose.split(separator: "`", omittingEmptySubsequences: false).enumerated()
    where place % 2 == 1 {
      for (verb, option) in Self.options(of: String(span).replacing("\n", with: " ")) {
        let signature = try #require(CommandRegistry.command(for: verb)).signature
        let name = option.dropFirst(2)
        #expect(
          signature.options.contains { $0.name == name || "no-\($0.name)" == name },
          "\(page): '\(verb)' has no \(option)")
      }
    }
  }

  @Test(arguments: pages)
  func `every link leads somewhere`(page: String) {
    let folder =
      page.contains("/") ? page.split(separator: "/").dropLast().joined(separator: "/") : "."
    for link in Self.links(of: Self.text(page)) where !link.contains("://") {
      let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
      let path = parts[0].isEmpty ? page : "\(folder)/\(parts[0])"
      #expect(TestFiles.exists("\(TestData.packageRoot)/\(path)"), "\(page): \(link)")
      guard parts.count > 1, path.hasSuffix(".md") else { continue }
      let headings = Self.text(path).split(separator: "\n").filter { $0.hasPrefix("#") }
      #expect(headings.contains { Self.anchor($0) == parts[1] }, "\(page): \(link)")
    }
  }

  // MARK: - Reading pages

  /// The commands in fenced blocks without a language, in lines behind four blanks, and in `-c '…'` of shell
  /// lines there.
  private static func commands(of page: String) -> [String] {
    var found: [String] = []
    var fence: Substring?
    var open = ""
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        fence = fence == nil ? line.dropFirst(3) : nil
        continue
      }
      guard fence == "" || fence == nil && line.hasPrefix("    ") else { continue }
      let text = open + line.drop { $0 == " " && open.isEmpty }
      if text.hasSuffix("\\") {
        open = String(text.dropLast())
        continue
      }
      open = ""
      if let shell = text.firstRange(of: " -c '") {
        found.append(String(text[shell.upperBound...].prefix { $0 != "'" }))
      } else if verb(of: text[...]) != nil {
        found.append(text)
      }
    }
    return found
  }

  /// The verb that a command begins with, behind the name of its result.
  private static func verb(of text: Substring) -> String? {
    let words = text.split(separator: " ")
    // The shell's, of a variable.
    if words.first == "export", words.dropFirst().first?.contains("=") ?? false { return nil }
    let place = words.count > 2 && words[1] == "=" && words[0] != "let" ? 2 : 0
    return words.dropFirst(place).first.map(String.init).flatMap { verbs.contains($0) ? $0 : nil }
  }

  /// The options of a command, each with the verb of its stage; none of what is no command.
  private static func options(of text: String) -> [(verb: String, option: String)] {
    text.split(separator: " | ").flatMap { stage -> [(verb: String, option: String)] in
      guard let verb = verb(of: stage.drop { $0 == " " }) else { return [] }
      return stage.split(separator: " ").filter { $0.hasPrefix("--") && $0.count > 2 }.map { word in
        (verb, "--" + word.dropFirst(2).prefix { $0.isLetter || $0 == "-" })
      }
    }
  }

  /// What stands in the round brackets of `[text](link)`.
  private static func links(of page: String) -> [String] {
    page.split(separator: "](").dropFirst().compactMap { rest in
      rest.firstIndex(of: ")").map { String(rest[..<$0]) }
    }.filter { !$0.contains(" ") }
  }

  /// The anchor that code hosts give a heading.
  private static func anchor(_ heading: Substring) -> String {
    String(
      heading.drop { $0 == "#" || $0 == " " }.lowercased().map { $0 == " " ? "-" : $0 }
        .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
  }
}

extension String {
  /// The parts outside pairs of a mark.
  fileprivate func components(between mark: String) -> [Substring] {
    split(separator: mark, omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.map(\.element)
  }
}
