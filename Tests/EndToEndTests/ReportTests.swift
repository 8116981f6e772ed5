import ParallaxTestSupport
import Testing

/// Reports as the program writes them.
@Suite struct ReportTests {
  @Test func `an answer, a comparison and both lists of a question become one page`() async throws {
    try await Shell.inNewFolder { shell in
      for name in ["mug-001", "mug-002", "shoe-001", "shoe-002", "brick-001"] {
        try TestFiles.copy(
          "\(Shell.tiles)/images/\(name).jpg", to: "\(shell.folder)/in/\(name).jpg")
      }
      try TestFiles.write(
        "id,text,item\nq1,a mug,mug-001\nq2,a shoe,shoe-002\n", to: shell.folder + "/q.csv")
      let outcome = try await shell.succeed(
        """
        create collection c
        ingest c in
        embed c --as base --model mini
        mug = query c --image in/mug-001.jpg --top 4
        cmp = compare c@base --queries q.csv --relevant-if "id = :item" --dims 32,256 --metric mrr
        report mug cmp --to page.html --title "Mugs <3"
        """)
      #expect(outcome.errors.contains("wrote "))
      let page = try #require(TestFiles.text(of: shell.folder + "/page.html"))
      #expect(page.contains("<title>Mugs &lt;3</title>") && page.hasSuffix("</html>\n"))
      #expect(page.contains(">What 'mug' found</h2>") && page.contains(">Comparison 'cmp'</h2>"))
      let again = try await shell.run("mug = list collections ; report mug --to page.html")
      #expect(again.code == 1 && again.errors.contains("--replace overwrites it"))
      #expect(TestFiles.text(of: shell.folder + "/page.html") == page)
    }
  }
}
