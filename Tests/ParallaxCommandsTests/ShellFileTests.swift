import CommandLanguage
import ParallaxTestSupport
import Testing

@testable import ParallaxCommands

/// What an installation brings for shells and `man`, made from the program's own tables.
@Suite struct ShellFileTests {
  @Test(arguments: ShellScript.allCases)
  func `every option is completed in each shell`(_ shell: ShellScript) {
    for name in ProgramOption.all.flatMap(\.names) {
      let written = shell == .fish ? String(name.drop { $0 == "-" }) : name
      #expect(shell.text.contains(written), "\(name) in \(shell.rawValue)")
    }
    #expect(shell.text.hasSuffix("\n"))
  }

  private static let cases: [(words: [String], offered: [String])] = [
    (["--str"], ["--strict"]), (["--color", ""], ["always", "auto", "never"]),
    (["--color=al"], ["always"]), (["--completions", "z"], ["zsh"]), (["-c", ""], []),
    (["work.parallax", "--no-"], ["--no-init"]), (["ni"], ["night.parallax"]),
    (["-f", ""], ["day.plx", "page.md"]),
  ]

  @Test(.enabled(if: TestFiles.exists("/bin/bash"), "needs bash"), arguments: cases)
  func `bash offers what fits`(words: [String], offered: [String]) async throws {
    try await withTemporaryDirectory { folder in
      for name in ["night.parallax", "day.plx", "page.md", "other.txt"] {
        try TestFiles.write("", to: "\(folder)/\(name)")
      }
      // Bash takes "=" for a word of its own.
      let split = words.flatMap { word -> [String] in
        guard let equals = word.firstIndex(of: "="), word.hasPrefix("--") else { return [word] }
        return [String(word[..<equals]), "=", String(word[word.index(after: equals)...])]
      }
      let line = (["parallax"] + split).map { "'\($0)'" }.joined(separator: " ")
      let script = """
        \(ShellScript.bash.text)
        COMP_WORDS=(\(line)); COMP_CWORD=\(split.count); _parallax
        printf '%s\\n' "${COMPREPLY[@]}"
        """
      let run = try await ProgramRun(
        "/bin/bash", ["--norc", "-c", script], folder: folder
      ).finish()
      #expect(run.errors == "")
      #expect(run.output.split(separator: "\n").map(String.init).sorted() == offered)
    }
  }

  @Test func `the manual page tells every option, command and exit code`() {
    let page = ManualPage.text
    for option in ProgramOption.all.flatMap(\.names) {
      #expect(page.contains(ManualPage.escaped(option)), "\(option)")
    }
    for verb in CommandRegistry.signatures.verbs {
      #expect(page.contains(".B \(ManualPage.escaped(verb))\n"), "\(verb)")
    }
    for code in ExitCode.all { #expect(page.contains(ManualPage.escaped(code.meaning))) }
    let odd = page.split(separator: "\n").filter { line in
      line.hasPrefix("'") || line.unicodeScalars.contains { !$0.isASCII }
    }
    #expect(odd.isEmpty, "\(odd)")
  }
}
