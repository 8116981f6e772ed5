import CommandLanguage
import ParallaxCore
import ParallaxReporting
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What the README and the pages that it leads to list must be what there is.
@Suite struct ReadmeTests {
  private static let readme = text("README.md")

  private static func text(_ name: String) -> String {
    TestFiles.text(of: "\(TestData.packageRoot)/\(name)") ?? ""
  }

  @Test func `the exit codes are those of the program`() {
    let rows = Self.rows(after: "## Exit codes", in: Self.text("docs/scripts.md"))
    #expect(rows == ExitCode.all.map { "| \($0.label) | \($0.meaning) |" })
  }

  @Test func `every format is named`() {
    let page = Self.text("docs/scripts.md")
    for format in FormatRegistry.all { #expect(page.contains("`\(format.id)`"), "\(format.id)") }
  }

  @Test func `every variable that the program reads is explained`() async throws {
    let listing = try await ProgramRun(
      "/bin/sh",
      [
        "-c",
        #"grep -rhoE '"[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]"' "$0" --include='*.swift' | tr -d '"' | sort -u"#,
        TestData.packageRoot + "/Sources",
      ]
    ).finish()
    let known = ["PARALLAX_", "GOOGLE_", "XDG_", "CURL_", "SSL_", "ORT_", "_API_KEY", "NO_COLOR"]
    let variables = listing.output.split(separator: "\n").map(String.init)
      .filter { name in known.contains { name.contains($0) } }
      // Set by the program, for a library.
      .filter { $0 != "ORT_DISABLE_TELEMETRY" }
    #expect(variables.count > 15)
    let page = Self.text("docs/settings.md")
    for name in variables { #expect(page.contains("`\(name)`"), "\(name)") }
  }

  @Test func `every topic of help is named`() {
    let page = Self.text("docs/troubleshooting.md")
    for topic in HelpTopic.all { #expect(page.contains("`help \(topic.name)`"), "\(topic.name)") }
  }

  @Test func `the reference is what the program prints`() {
    let written = TestFiles.text(of: TestData.packageRoot + "/docs/reference.md")
    #expect(written == HelpReference.markdown, "run scripts/reference")
  }

  @Test func `the reference has a section for each command, topic and metric`() throws {
    let headings = Set(
      HelpReference.markdown.split(separator: "\n").filter { $0.hasPrefix("### ") }.map {
        $0.dropFirst(4).filter { $0 != "`" }
      })
    let names =
      CommandRegistry.signatures.verbs + HelpTopic.all.map(\.name) + HelpTopic.ofMetrics.map(\.name)
    #expect(headings == Set(names.map { $0[...].filter { $0 != "`" } }))
    #expect(!HelpReference.markdown.contains("```text\n```"), "an empty page")
  }

  @Test func `options of the program that it names exist`() {
    let pages = Self.readme + Self.text("docs/scripts.md") + Self.text("docs/settings.md")
    for option in ["--read-only", "--mode", "--offline", "--color", "--strict", "--safe"] {
      #expect(pages.contains("\(option)"))
      #expect(ProgramOption.all.contains { $0.names.contains(option) })
    }
  }

  /// The lines of the first table after a heading, without its head.
  private static func rows(after heading: String, in page: String) -> [String] {
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let start = lines.firstIndex(of: heading) else { return [] }
    return Array(
      lines[start...].drop { !$0.hasPrefix("|") }.dropFirst(2).prefix { $0.hasPrefix("|") })
  }
}
