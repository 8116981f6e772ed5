import ParallaxCore
import ParallaxServer
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxService

/// What people see, as it is sent.
@Suite struct PageTests {
  static func page(
    _ served: ServedBench, _ target: String, status: Int = 200,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async -> String {
    let response = await served.ask("GET", target)
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(response.status == status, "\(text.prefix(2_000))", sourceLocation: sourceLocation)
    let policy = response.fields.first { $0.name == "Content-Security-Policy" }?.value ?? ""
    #expect(
      policy.contains("default-src 'none'; script-src 'self'"), sourceLocation: sourceLocation)
    #expect(!policy.contains("unsafe"), sourceLocation: sourceLocation)
    // One script, a file; no handler and no style within the page.
    #expect(text.components(of: "<script").count == 2, sourceLocation: sourceLocation)
    #expect(text.contains(#"<script type="module" src="/assets/page.js"></script>"#))
    for word in [" onerror", " onclick", " style=", "javascript:", "<style"] {
      #expect(!text.contains(word), "\(word)", sourceLocation: sourceLocation)
    }
    // No two elements have the same name.
    let names = text.components(of: #" id=""#).dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(Set(names).count == names.count, "\(names)", sourceLocation: sourceLocation)
    // Every address is this server's.
    for piece in text.components(of: #"href=""#).dropFirst()
      + text.components(of: #"src=""#).dropFirst()
    {
      #expect(
        ["/", "#"].contains(piece.first), "\(piece.prefix(40))", sourceLocation: sourceLocation)
      #expect(!piece.hasPrefix("//"), sourceLocation: sourceLocation)
    }
    return text
  }

  @Test func `a search shows its hits, its command, and links that keep the state`() async throws {
    try await ServedBench.inNewFolder { served in
      let text = await Self.page(served, "/?text=a+shoe&f.year.from=2020")
      #expect(
        text.contains(
          "<code>query c@base --text &quot;a shoe&quot; "))
      #expect(text.contains("--where &quot;year &gt;= 2020&quot; --top 48</code>"))
      #expect(text.contains(#"src="/v1/items/c/b/thumbnail" alt="a shoe""#))
      #expect(!text.contains("/v1/items/c/a/thumbnail"))
      #expect(
        text.contains(#"href="/?space=c%40base&amp;text=a%20shoe&amp;like=b&amp;f.year.from=2020""#)
      )
      #expect(text.contains(#"value="a shoe""#))
      #expect(text.contains(#"<details class="filters" open="">"#))
      let liked = await Self.page(served, "/?like=a&unlike=b")
      #expect(liked.contains("query c@base --like a --not-like b^0.5 --exclude-self --top 48"))
      #expect(!liked.contains(#"<a href="/item/c/a"#))
      let start = await Self.page(served, "/")
      #expect(start.contains("3 of 3 images, as they come"))
      let filtered = await Self.page(served, "/?f.caption.is=a+shoe&where=year+%3E+2000")
      #expect(filtered.contains("1 of 3 images, as they come"))
    }
  }

  @Test func `an item shows its metadata, why it was found, and what is near`() async throws {
    try await ServedBench.inNewFolder { served in
      let text = await Self.page(served, "/item/c/b?space=c@base&text=a+shoe")
      #expect(text.contains("<h1><bdi>a shoe</bdi></h1>"))
      #expect(text.contains("<dt>year</dt><dd><bdi>2021</bdi></dd>"))
      #expect(text.contains("Why it is number 1"))
      #expect(text.contains("query c@base --like b --exclude-self --top 12"))
      #expect(text.contains(#"href="/v1/items/c/b/original""#))
      _ = await Self.page(served, "/item/c/none", status: 404)
      _ = await Self.page(served, "/item/other/a", status: 404)
      _ = await Self.page(served, "/item/c/..%2F..%2Fetc%2Fpasswd", status: 404)
    }
  }

  @Test func `two spaces stand side by side with what moved`() async throws {
    try await ServedBench.inNewFolder { served in
      let text = await Self.page(served, "/?text=a+shoe&with=c@turned")
      #expect(text.contains(#"<section class="column" aria-label="c@base">"#))
      #expect(text.contains(#"<section class="column" aria-label="c@turned">"#))
      #expect(text.contains("query c@turned --text"))
      #expect(text.contains(#"<span class="up">"#) && text.contains(#"<span class="down">"#))
      #expect(text.contains("3 of the first 3 are in both lists"))
    }
  }

  @Test func `a space of another collection does not stand beside`() async throws {
    try await ServedBench.inNewFolder(servesOther: true) { served in
      let text = await Self.page(served, "/?text=a+shoe&with=other@base", status: 400)
      #expect(text.contains("are spaces of different collections"))
      #expect(text.contains(#"<option value="c@turned">"#))
      #expect(text.components(of: #"<option value="other@base">"#).count == 2)
      let alone = await Self.page(served, "/?text=a+shoe&space=other@base")
      #expect(alone.contains("/v1/items/other/b/thumbnail"))
      let item = await Self.page(served, "/item/other/b?space=c@base&with=c@turned")
      #expect(item.contains("query other@base --like b") && !item.contains("c%40turned"))
    }
  }

  @Test func `where a list goes on, or the page goes through no more of it`() async throws {
    #expect(PageGrid.Following(nil) == .nothing)
    #expect(PageGrid.Following(9_000) == .more(from: 9_000))
    #expect(PageGrid.Following(9_024) == .beyond(9_024))
    try await ServedBench.inNewFolder { served in
      let state = try PageState([], in: served.service)
      let grid = PageGrid(
        state: state, space: state.space, cards: [.init(id: ItemID("a"))],
        following: .beyond(9_024),
        label: "Items")
      var text = ""
      for element in grid.elements { element.write(to: &text) }
      #expect(text.contains("goes through the first 9 024 only"))
    }
  }

  @Test func `"contains" says what stands for any characters`() async throws {
    try await ServedBench.inNewFolder { served in
      let form = PageForm(
        state: try PageState([], in: served.service),
        offers: [PageFilter(name: "caption", kind: .contains)], spaces: [])
      var text = ""
      form.element.write(to: &text)
      #expect(text.contains("% stands for any characters, _ for one"))
    }
  }

  @Test func `what is wrong is said on the page`() async throws {
    try await ServedBench.inNewFolder { served in
      let wrong = await Self.page(served, "/?text=a&where=yaer+%3D+1", status: 400)
      #expect(wrong.contains("unknown field 'yaer'") && wrong.contains("did you mean 'year'?"))
      #expect(wrong.contains(#"value="yaer = 1""#))
      let kind = await Self.page(served, "/?text=a&f.year.from=1)%20or%20(1", status: 400)
      #expect(kind.contains("'year' takes a number; got '1) or (1'"))
      let upload = await Self.page(served, "/?upload=none", status: 404)
      #expect(upload.contains("there is no upload 'none'"))
      let space = await Self.page(served, "/?space=none", status: 404)
      #expect(space.contains("no space 'none' is served here"))
      let ignored = await Self.page(served, "/?text=a&colour=red")
      #expect(ignored.contains("'colour' means nothing here"))
      _ = await Self.page(served, "/?text=a&offset=-1", status: 400)
    }
  }

  @Test func `a browser gets a page also where it is not let in`() async throws {
    let token = try TokenGate(token: "a-token-of-the-test-1234", cookie: "p")
    try await ServedBench.inNewFolder(token: token) { served in
      let accept = RequestHead.Field("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
      for (target, isPage) in [("/", true), ("/none", true), ("/v1/collections", false)] {
        let response = await served.ask("GET", target, "", [accept])
        #expect(response.status == 401, "\(target)")
        let type = response.fields.first { $0.name == "Content-Type" }?.value ?? ""
        #expect(type.hasPrefix(isPage ? "text/html" : Problem.contentType), "\(target)")
        #expect(response.fields.contains { $0.name == "WWW-Authenticate" }, "\(target)")
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("<h1>This cannot be shown</h1>") == isPage)
      }
      // Styles are nobody's secret, and the refusal has them.
      #expect(await served.ask("GET", "/assets/page.css").status == 200)
      // A program gets what it had.
      #expect(await served.ask("GET", "/").fields.contains { $0.value == Problem.contentType })
    }
  }

  @Test func `a list that ends with the page says so`() async throws {
    try await ServedBench.inNewFolder { served in
      for (top, next) in [(2, 2), (3, nil), (4, nil)] {
        var request = SearchRequest(space: try served.service.space(nil))
        try request.add(text: "a shoe")
        request.query.top = top
        #expect(try await served.service.find(request).next == next)
      }
    }
  }

  @Test func `hostile texts are texts`() async throws {
    try await ServedBench.inNewFolder { served in
      try served.makeHostile()
      let encoded = RequestTarget.encoded(ServedBench.hostile)
      for target in [
        "/", "/?text=\(encoded)", "/?like=\(encoded)", "/?unlike=\(encoded)&text=a",
        "/item/c/\(encoded)?text=\(encoded)", "/?f.caption.is=\(encoded)",
      ] {
        let text = await Self.page(served, target)
        #expect(!text.contains("<script>") && !text.contains("\u{202E}\u{2028}/<"))
        #expect(text.contains("&lt;script&gt;"), "\(target)")
        let hidesOwn = target.contains("like") || target.hasPrefix("/item")
        #expect(text.contains(#"/item/c/\#(encoded)?"#) || hidesOwn, "\(target)")
      }
      for (target, status) in [
        ("/?where=\(encoded)", 400), ("/?space=\(encoded)", 404), ("/?upload=\(encoded)", 404),
        ("/?offset=\(encoded)", 400), ("/item/\(encoded)/\(encoded)", 404),
      ] {
        _ = await Self.page(served, target, status: status)
      }
      _ = await Self.page(served, "/?\(encoded)=\(encoded)")
    }
  }

  static let conditions: [(filter: PageFilter, given: [String: String], condition: String)] = [
    (
      PageFilter(name: "year", kind: .range(minimum: "1", maximum: "2")),
      ["f.year.from": "1.5", "f.year.to": "1e3"], "year >= 1.5 and year <= 1e3"
    ),
    (
      PageFilter(name: "shot at", kind: .dates), ["f.shot at.from": "2024-05-31"],
      "\"shot at\" >= '2024-05-31'"
    ),
    (PageFilter(name: "not", kind: .boolean), ["f.not.is": "no"], "not \"not\""),
    (PageFilter(name: "ok", kind: .boolean), ["f.ok.is": "yes"], "ok"),
    (PageFilter(name: "city", kind: .choice([])), ["f.city.is": "L'Aquila"], "city = 'L''Aquila'"),
    (PageFilter(name: "a1", kind: .contains), ["f.a1.has": "' or 1"], "a1 like '%'' or 1%'"),
    (PageFilter(name: "1a", kind: .contains), ["f.1a.has": ""], ""),
  ]

  @Test(arguments: conditions)
  func `filters are conditions`(filter: PageFilter, given: [String: String], condition: String)
    throws
  {
    #expect(try filter.condition { given[$0] }.joined(separator: " and ") == condition)
  }

  @Test func `styles and scripts are files of the program`() async throws {
    try await ServedBench.inNewFolder { served in
      for (name, type) in [
        ("page.css", "text/css"), ("page.js", "text/javascript"), ("scroll.js", "text/javascript"),
        ("upload.js", "text/javascript"), ("icon.svg", "image/svg+xml"),
      ] {
        let asset = await served.ask("GET", "/assets/\(name)")
        #expect(asset.status == 200)
        #expect(asset.fields.first { $0.name == "Content-Type" }?.value.hasPrefix(type) == true)
        let source = "\(TestData.packageRoot)/Sources/ParallaxService/Page/Assets/\(name)"
        let bytes = try TestFiles.bytes(of: source)
        #expect(asset.body == bytes)
        let text = String(decoding: asset.body, as: UTF8.self)
        #expect(
          !text.contains("innerHTML") && !text.contains("eval(") && !text.contains("https://"))
      }
      #expect(await served.ask("GET", "/assets/none").status == 404)
      #expect(await served.ask("GET", "/assets/..%2Fpage.css").status == 404)
    }
  }
}

extension String {
  /// The parts between a text.
  fileprivate func components(of separator: String) -> [Substring] {
    split(separator: separator, omittingEmptySubsequences: false)
  }
}
