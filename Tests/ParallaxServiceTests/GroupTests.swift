import ParallaxCore
import ParallaxServer
import ParallaxStorage
import ParallaxTestSupport
import ParallaxWorkbench
import Testing

@testable import ParallaxService

/// Groups of near-duplicates, as people look through them and as programs do.
@Suite struct GroupTests {
  private static let verdicts = "/v1/groups/verdicts"

  private static func said(_ items: String, _ word: String, by: String = "anna") -> String {
    "{\"group\": 1, \"items\": [\(items)], \"verdict\": \"\(word)\", \"judge\": \"\(by)\"}"
  }

  private static func kept(_ served: ServedBench) throws -> [Verdict] {
    try served.bench.workspace.verdicts(in: try served.service.collection("c"))
  }

  private static func expectNothing(
    in served: ServedBench, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let verdicts = try kept(served)
    #expect(verdicts.isEmpty, sourceLocation: sourceLocation)
  }

  /// Sends a form as a browser does that shows the page.
  private static func send(
    _ served: ServedBench, _ form: String, key: String? = nil,
    _ fields: [RequestHead.Field] = []
  ) async -> ServerResponse {
    await served.send(
      "POST", "/groups", Array("key=\(key ?? served.service.formKey.text)&\(form)".utf8),
      type: "application/x-www-form-urlencoded", fields)
  }

  @Test func `a verdict is kept as 'judge' keeps it, and taken back to what was said before`()
    async throws
  {
    try await ServedBench.inNewFolder(reviews: true) { served in
      let groups = try await served.json("GET", "/v1/groups")
      #expect(groups["pairs"]?.integer == 2 && groups["judged"]?.integer == 0)
      let group = try #require(groups["groups"]?.elements?.first)
      #expect(group["anchor"]?["id"]?.string == "a")
      #expect(group["members"]?.elements?.compactMap { $0["id"]?.string } == ["b", "c"])
      let member = try #require(group["members"]?.elements?.first)
      #expect(member["differs"]?["caption"]?.string == "a shoe" && member["verdict"] == .null)

      let first = try await served.json("POST", Self.verdicts, Self.said("\"b\"", "duplicate"))
      #expect(first["judged"]?.integer == 1)
      let verdict = try #require(try Self.kept(served).first)
      #expect(verdict.answer == .duplicate && verdict.judge == "anna")
      #expect(verdict.score == member["score"]?.number)
      let space = try served.service.space(nil)
      #expect(verdict.identity == space.spec.identity)

      // Another one says otherwise, takes it back, and the first word stands.
      _ = try await served.json("POST", Self.verdicts, Self.said("\"b\"", "distinct", by: "ben"))
      let second = try Self.kept(served)
      #expect(second.first?.answer == .distinct)
      _ = try await served.json("DELETE", Self.verdicts + "?judge=ben")
      let third = try Self.kept(served)
      #expect(third == [verdict])
      let back = try await served.json("DELETE", Self.verdicts + "?judge=anna")
      #expect(back["items"]?.elements == [.string("b")] && back["judged"]?.integer == 0)
      try Self.expectNothing(in: served)
      let none = try await served.refusal("DELETE", Self.verdicts + "?judge=anna")
      #expect(none.status == 409 && none.code == "nothing-to-take-back")
    }
  }

  @Test func `what somebody has answered again since is not taken back`() async throws {
    try await ServedBench.inNewFolder(reviews: true) { served in
      _ = try await served.json("POST", Self.verdicts, Self.said("\"b\"", "duplicate"))
      _ = try await served.json("POST", Self.verdicts, Self.said("\"b\"", "distinct", by: "ben"))
      let refusal = try await served.refusal("DELETE", Self.verdicts + "?judge=anna")
      #expect(refusal.status == 409 && refusal.code == "answered-again")
      let verdict = try Self.kept(served).first
      #expect(verdict?.judge == "ben")
    }
  }

  @Test func `what is asked wrongly is refused, and keeps nothing`() async throws {
    try await ServedBench.inNewFolder(reviews: true) { served in
      for (body, code, parameter) in [
        (Self.said("\"a\"", "duplicate"), "unknown-name", "items"),
        (Self.said("\"b\", \"none\"", "duplicate"), "unknown-name", "items"),
        (Self.said("", "duplicate"), "invalid-value", "items"),
        (Self.said("\"b\"", "same"), "invalid-value", "verdict"),
        (Self.said("\"b\"", "duplicate", by: "  "), "invalid-value", "judge"),
        (#"{"group": 7, "items": ["b"], "verdict": "distinct"}"#, "unknown-name", "group"),
        (#"{"group": 1, "items": ["b"]}"#, "missing-member", "verdict"),
      ] {
        let refusal = try await served.refusal("POST", Self.verdicts, body)
        #expect(refusal.code == code && refusal.parameter == parameter, "\(body): \(refusal)")
      }
      try Self.expectNothing(in: served)
      // Neither a page of somebody else's nor a form may write.
      let body = Self.said("\"b\"", "duplicate")
      for field in [("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")] {
        let response = await served.ask(
          "POST", Self.verdicts, body, [.init(field.0, field.1)])
        #expect(response.status == 403)
      }
      let plain = await served.send("POST", Self.verdicts, Array(body.utf8), type: "text/plain")
      #expect(plain.status == 415)
      try Self.expectNothing(in: served)
    }
  }

  @Test func `without groups nothing can be changed`() async throws {
    try await ServedBench.inNewFolder { served in
      for method in ["GET", "POST", "DELETE"] {
        let target = method == "GET" ? "/v1/groups" : Self.verdicts
        let body = method == "POST" ? Self.said("\"b\"", "duplicate") : ""
        let refusal = try await served.refusal(method, target, body)
        #expect(refusal.status == 404)
      }
      let text = await PageTests.page(served, "/groups", status: 404)
      #expect(text.contains("--groups RESULT"))
      let start = await PageTests.page(served, "/")
      #expect(!start.contains(#"href="/groups""#))
    }
  }

  @Test func `the page asks who judges, then of each member, by forms that need no script`()
    async throws
  {
    try await ServedBench.inNewFolder(reviews: true) { served in
      let start = await PageTests.page(served, "/")
      #expect(start.contains(#"<a href="/groups">Groups</a>"#))
      let who = await PageTests.page(served, "/groups")
      #expect(who.contains("Your name") && !who.contains("thumbnail?side=640"))
      let text = await PageTests.page(served, "/groups?judge=anna")
      #expect(text.contains("0 of 2 pairs judged in 1 group"))
      #expect(text.contains("/v1/items/c/a/thumbnail?side=640"))
      #expect(text.contains(#"<li class="card other" data-item="b" data-verdict="">"#))
      #expect(text.contains("<dt>caption</dt><dd><bdi>a shoe</bdi></dd>"))
      #expect(text.contains("All 2 are the same"))

      for odd in ["offset=\(Int.max)", "offset=-7", "offset=x", "group=1&said=%3Cb%3E"] {
        let shown = await PageTests.page(served, "/groups?judge=anna&\(odd)")
        #expect(shown.contains(#"data-item="c""#), "\(odd)")
      }
      for odd in ["group=\(Int.max)", "group=x", "judge=\(String(repeating: "a", count: 101))"] {
        _ = await PageTests.page(
          served, "/groups?judge=anna&\(odd)", status: odd.hasPrefix("judge") ? 400 : 404)
      }

      let first = await Self.send(served, "group=1&judge=anna&offset=0&item=b&verdict=distinct")
      #expect(first.status == 303)
      let next = first.fields.first { $0.name == "Location" }?.value
      #expect(next == "/groups?judge=anna&group=1&offset=0")
      let second = await PageTests.page(served, next ?? "/")
      #expect(second.contains("1 of 2 pairs judged"))
      #expect(second.contains(#"data-item="b" data-verdict="distinct""#))
      #expect(second.contains("distinct · <bdi>anna</bdi>"))
      let last = await Self.send(served, "group=1&judge=anna&item=c&item=c&verdict=duplicate")
      #expect(last.fields.first { $0.name == "Location" }?.value == "/groups?judge=anna")
      #expect(
        (await PageTests.page(served, "/groups?judge=anna")).contains("All pairs are judged."))
      let back = await Self.send(served, "group=1&judge=anna&verdict=back")
      let address = back.fields.first { $0.name == "Location" }?.value ?? "/"
      let shown = await PageTests.page(served, address)
      #expect(shown.contains("The last answer was taken back.") && shown.contains("1 of 2 pairs"))
    }
  }

  @Test func `a form of elsewhere keeps nothing`() async throws {
    try await ServedBench.inNewFolder(reviews: true) { served in
      let form = "group=1&judge=anna&item=b&verdict=duplicate"
      for key in ["", "0", String(repeating: "0", count: 64)] {
        let response = await Self.send(served, form, key: key)
        #expect(response.status == 403)
        #expect(String(decoding: response.body, as: UTF8.self).contains("nothing was kept"))
      }
      for field in [("Origin", "null"), ("Sec-Fetch-Site", "cross-site")] {
        let response = await Self.send(served, form, [.init(field.0, field.1)])
        #expect(response.status == 403)
      }
      for form in ["group=1&item=%ff&verdict=duplicate", "group=1&item=b&verdict=%3Cb%3E"] {
        let response = await Self.send(served, form)
        #expect(response.status == 400)
      }
      try Self.expectNothing(in: served)
      let keys = [FormKey().text, FormKey().text]
      #expect(keys[0] != keys[1] && keys[0].utf8.count == 64)
    }
  }

  @Test func `an item or a judge of any name is a text`() async throws {
    try await ServedBench.inNewFolder(reviews: true) { served in
      let name = "<script>alert(1)</script>\"'&"
      let body = JSONValue.members([
        "group": JSONValue(1), "items": .array([.string("b")]), "verdict": .string("distinct"),
        "judge": .string(name),
      ])
      _ = try await served.json("POST", Self.verdicts, body.text)
      let text = await PageTests.page(served, "/groups?judge=\(RequestTarget.encoded(name))")
      #expect(!text.contains("<script>alert"))
      #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;'&amp;"))
    }
    try await ServedBench.inNewFolder(makesHostile: true, reviews: true) { served in
      let text = await PageTests.page(served, "/groups?judge=anna")
      #expect(!text.contains("<script>alert") && text.contains("&lt;script&gt;alert"))
    }
  }

  @Test func `members that are gone, or other pictures now, are left out`() async throws {
    try await ServedBench.inNewFolder { served in
      let space = try served.service.space(nil)
      let found = try await served.bench.groups(
        of: space, GroupRequest(minimumScore: -1)
      ) { _ in }
      let anchor = found.groups[0].members[found.groups[0].anchor].item.id
      let other = try #require(found.groups[0].members.map(\.item.id).first { $0 != anchor })
      try served.bench.workspace.apply([.remove(other)], to: space.collection)
      let review = try served.bench.review(of: found, at: [0], called: "g")
      #expect(review.changed == 1 && review.groups[0].others.count == 1)
      #expect(review.pairs.count == 1 && !review.hasKept)
      let none = try served.bench.review(of: found, at: [], called: "g")
      #expect(none.groups.isEmpty)
      try served.bench.workspace.apply([.remove(anchor)], to: space.collection)
      let rest = try served.bench.review(of: found, at: [0], called: "g")
      #expect(rest.groups.isEmpty)
    }
  }

  @Test func `a workspace that another program has locked is busy, and named without its path`()
    throws
  {
    let error = ParallaxError(.workspaceInUse, "'/secret/w.parallax' is locked")
      .hiding("/secret/w.parallax", as: "the workspace")
    let response = Service.response(to: error)
    #expect(response.status == 503)
    #expect(response.fields.contains { $0.name == "Retry-After" && $0.value == "5" })
    #expect(!String(decoding: response.body, as: UTF8.self).contains("secret"))
  }
}
