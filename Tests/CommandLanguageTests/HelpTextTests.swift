import CommandLanguage
import ParallaxCore
import ParallaxText
import Testing

@Suite struct HelpTextTests {
  @Test func `the overview has every command once, by group`() {
    let overview = HelpText(Sample.registry, width: 60).overview()
    #expect(overview.hasPrefix("Objects\n  create    make a collection\n"))
    #expect(overview.contains("\n\nSearch\n  query     find the images nearest to texts"))
    let lines = overview.split(separator: "\n")
    for verb in Sample.registry.verbs {
      #expect(lines.count { $0.hasPrefix("  \(verb) ") } == 1)
    }
  }

  @Test func `a page tells usage, options and examples`() throws {
    let page = try HelpText(Sample.registry, width: 72).page(for: "export")
    #expect(
      page == """
        export: write a result to a file
        usage: export RESULT --to FILE [--columns C,…] [--replace]

        options:
          -o, --to FILE  the file (required)
          --columns C,…  the columns
          --replace      overwrite the file

        """)
    let query = try HelpText(Sample.registry, width: 72).page(for: "find")
    #expect(query.hasPrefix("query: find the images"))
    #expect(query.contains("\n\nat the prompt also: search, find\n"))
    #expect(query.contains("\n\nexamples:\n  query photos@base --text \"red car\" --top 20\n"))
    #expect(query.contains("how many rows (default: 20)"))
  }

  @Test(arguments: [-3, 40, 53, 80, 120])
  func `pages keep to the width`(width: Int) throws {
    let help = HelpText(Sample.registry, width: width)
    for verb in Sample.registry.verbs where verb != "query" {
      for line in try (help.page(for: verb) + help.overview()).split(separator: "\n") {
        #expect(TerminalText.width(of: String(line)) <= max(width, 40))
      }
    }
  }

  @Test func `an unknown verb gets a suggestion`() throws {
    let help = HelpText(Sample.registry)
    let unknown = try #require(throws: ParallaxError.self) { try help.page(for: "qurey") }
    #expect(unknown.code == .unknownVerb)
    #expect(unknown.hint == "did you mean 'query'?")
    let later = try #require(throws: ParallaxError.self) { try help.page(for: "undo") }
    #expect(later.code == .reservedVerb)
    let several = try #require(throws: ParallaxError.self) { try help.page(for: "e") }
    #expect(several.code == .ambiguousName)
  }

  @Test func `a long example is several lines that mean the same`() throws {
    let line =
      #"query photos@base --text bridge --where "year >= 2020 and city in ('Paris', 'Rome')""#
    var query = Sample.query
    query.examples = [line]
    let registry = SignatureRegistry([query])
    let page = try HelpText(registry, width: 60).page(for: "query")
    let example = String(page[try #require(page.range(of: "examples:")).upperBound...])
    #expect(example.split(separator: "\n").count == 2)
    let parser = Parser(registry, style: .script)
    let parsed = try parser.parse(example, source: "help").map(\.canonical)
    #expect(parsed == (try parser.parse(line, source: "line").map(\.canonical)))
  }
}

extension String {
  /// The first occurrence of a text.
  fileprivate func range(of text: String) -> Range<Index>? {
    indices.lazy.first { self[$0...].hasPrefix(text) }
      .map { $0..<index($0, offsetBy: text.count) }
  }
}
