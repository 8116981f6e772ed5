import ParallaxCore
import ParallaxTestSupport
import Testing

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Darwin)
  private import Darwin
#endif

/// A browser at the pages of a served workspace.
struct Visit {
  let browser: Browser
  let shell: Shell
  /// The server.
  let run: ProgramRun
  let address: String

  func open(_ path: String) async throws { try await browser.open(address + path) }

  /// The items of the first list, in its order.
  func ids() async throws -> [String] {
    let list = "[...document.querySelector('[data-grid]').querySelectorAll('li > a')]"
    return try await browser.value(
      of: "\(list).map((link) => decodeURIComponent(link.pathname.split('/').at(-1)))"
    ).split(separator: ",").map(String.init)
  }

  /// What the line that the page shows gives at the prompt.
  func idsAtThePrompt() async throws -> [String] {
    let command = try await browser.text(of: ".command code")
    return try await shell.rows("\(command) --columns id").map { $0.last ?? "" }
  }

  /// Nothing keeps people from using the page as it is, on a wide screen and on a phone's.
  func check(sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for width in [360, 1_280] {
      try await browser.resize(width: width, height: 900)
      let (faults, overflow) = (try await browser.faults(), try await browser.overflow())
      #expect(faults == [], "\(width) pixels", sourceLocation: sourceLocation)
      #expect(overflow <= 0, "\(width) pixels", sourceLocation: sourceLocation)
    }
    let problems = try await browser.problems()
    #expect(problems == [], sourceLocation: sourceLocation)
  }

  /// Serves 62 drawn pictures with their metadata, and two spaces of them, and visits the pages.
  static func make(
    _ command: [String] = ["serve", "work.parallax", "c@base", "--also", "c@short"],
    _ body: (Visit) async throws -> Void
  ) async throws {
    if let missing = Browser.missing {
      print("SKIPPED: pages in a browser: they need \(missing) (scripts/setup --browser)")
      return
    }
    let tiles = "\(TestData.packageRoot)/datasets/tiles"
    let kinds = ["ball", "book", "mug", "shoe", "teapot"]
    let isShown = { (name: String) in kinds.contains { name.hasPrefix($0 + "-") } }
    try await Shell.inNewFolder { shell in
      for name in TestFiles.names(in: tiles + "/images", endingWith: ".jpg") where isShown(name) {
        try TestFiles.copy("\(tiles)/images/\(name)", to: "\(shell.folder)/in/\(name)")
      }
      let lines = String(decoding: try TestFiles.bytes(of: tiles + "/metadata.csv"), as: UTF8.self)
        .split(separator: "\n")
      try TestFiles.write(
        (lines[..<1] + lines.filter { isShown(String($0)) }).joined(separator: "\n") + "\n",
        to: shell.folder + "/meta.csv")
      try TestFiles.write("id,text\nq1,a red shoe\nq2,a blue mug\n", to: shell.folder + "/q.csv")
      try await shell.succeed(
        "create collection c ; ingest c in --meta meta.csv --key filename ; "
          + "embed c --as base ; embed c --as short --dim 32")
      let run = try shell.start(command + (command[0] == "serve" ? ["--port", "0"] : []))
      // Also where an expectation ends the test.
      defer { run.kill(SIGKILL) }
      let line = await run.errorLine(containing: "serving ")
      let port = try #require(line.split(separator: ":").last?.prefix { $0.isNumber }, "\(line)")
      try await Browser.inNewWindow(folder: shell.folder) { browser in
        try await body(
          Visit(browser: browser, shell: shell, run: run, address: "http://127.0.0.1:\(port)"))
      }
      run.kill(SIGKILL)
      _ = await run.finish()
    }
  }
}
