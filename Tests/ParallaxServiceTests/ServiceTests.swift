import ParallaxCore
import ParallaxServer
import ParallaxStorage
import ParallaxTestSupport
import ParallaxText
import ParallaxWorkbench
import Testing

@testable import ParallaxService

@Suite struct ServiceTests {
  private static let mug = "\(TestData.packageRoot)/datasets/tiles/images/mug-001.jpg"

  @Test func `a search finds what the workbench finds, and says how to ask it at the prompt`()
    async throws
  {
    try await ServedBench.inNewFolder { served in
      let answer = try await served.json(
        "POST", "/v1/search", #"{"text": "a shoe", "where": "year >= 2020", "explain": true}"#)
      #expect(answer["space"]?.string == "c@base")
      #expect(
        answer["command"]?.string
          == #"query c@base --text "a shoe" --where "year >= 2020" --top 20"#)
      #expect(answer["candidates"]?.integer == 2)
      #expect(answer.ids == ["b", "c"])
      let hit = try #require(answer["hits"]?.elements?.first)
      #expect(hit["fields"]?["year"]?.integer == 2021)
      #expect(hit["text"]?.string == "a shoe")
      let share = try #require(hit["contributions"]?.elements?.first?["value"]?.number)
      let score = try #require(hit["score"]?.number)
      #expect(abs(share - score) < 1e-6)
      let again = try await served.service.bench.answer(
        Query(terms: [.init(.text("a shoe"), label: "", parameter: "text")]),
        in: [served.service.space("c@base")], budget: nil
      ) { _ in }
      #expect(again.hits.map(\.id.rawValue).filter { $0 != "a" } == answer.ids)
    }
  }

  @Test func `terms have weights, pages follow one another`() async throws {
    try await ServedBench.inNewFolder { served in
      let all = try await served.json("POST", "/v1/search", #"{"item": "a"}"#)
      #expect(all.ids.first == "a")
      let away = try await served.json(
        "POST", "/v1/search",
        #"{"terms": [{"item": "a", "weight": -0.5}, {"text": "a shoe^2"}], "exclude_own": true}"#)
      #expect(
        away["command"]?.string
          == #"query c@base --not-like a^0.5 --text "a shoe^2" --exclude-self --top 20"#)
      #expect(away.ids.first == "b")
      let page = try await served.json(
        "POST", "/v1/search", #"{"item": "a", "offset": 1, "top": 1}"#)
      #expect(page.ids == [all.ids[1]])
      #expect(page["hits"]?.elements?.first?["rank"]?.integer == 2)
      let ranked = try await served.json(
        "POST", "/v1/search", #"{"item": "a", "top": 2, "rerank": {"model": "mmr", "depth": 3}}"#)
      // As many as 'depth' are ordered again, whatever is shown of them.
      #expect(
        ranked["command"]?.string
          == "query c@base --like a --top 3 | rerank --model mmr --depth 3 --top 2")
      #expect(ranked.ids.count == 2)
      #expect(ranked["hits"]?.elements?.first?["first_rank"]?.integer == 1)
      // A list that is ordered again goes on where it ended.
      var pages: [String] = []
      for offset in 0..<3 {
        pages += try await served.json(
          "POST", "/v1/search",
          #"{"item": "a", "top": 1, "offset": \#(offset), "rerank": {"model": "mmr", "depth": 2}}"#
        ).ids
      }
      #expect(Set(pages).count == 3)
    }
  }

  /// What is refused: the body, the code, and the place that it names.
  static let refused: [(body: String, code: String, parameter: String?)] = [
    ("", "bad-request", nil), ("{", "bad-request", nil), ("[]", "invalid-value", nil),
    ("{} {}", "bad-request", nil), (#"{"text": "a", "text": "b"}"#, "bad-request", nil),
    (#"{"text": "\ud800"}"#, "bad-request", nil),
    (String(repeating: "[", count: 5_000), "bad-request", nil),
    (#"{"txt": "a"}"#, "unknown-member", "txt"), ("{}", "missing-member", nil),
    (#"{"text": ""}"#, "invalid-value", "text"), (#"{"text": "  "}"#, "invalid-value", "text"),
    (#"{"text": 7}"#, "invalid-value", "text"),
    (#"{"text": "a", "top": 0}"#, "invalid-value", "top"),
    (#"{"text": "a", "top": 1001}"#, "invalid-value", "top"),
    (#"{"text": "a", "top": 1.5}"#, "invalid-value", "top"),
    (#"{"text": "a", "top": 99999999999999999999}"#, "invalid-value", "top"),
    (#"{"text": "a", "exact": 1}"#, "invalid-value", "exact"),
    (#"{"text": "a", "min_score": 1e999}"#, "invalid-value", "min_score"),
    (#"{"terms": []}"#, "invalid-value", "terms"),
    (#"{"terms": [{"weight": 1}]}"#, "missing-member", "terms[0]"),
    (#"{"terms": [{"text": "a", "item": "b"}]}"#, "invalid-value", "terms[0]"),
    (#"{"terms": [{"text": "a", "wieght": 2}]}"#, "unknown-member", "terms[0].wieght"),
    (#"{"text": "a", "space": "c@none"}"#, "unknown-name", "space"),
    (#"{"text": "a", "space": "other@base"}"#, "unknown-name", "space"),
    (#"{"item": "none"}"#, "unknown-name", "item"),
    (#"{"upload": "none"}"#, "invalid-value", "upload"),
    (#"{"image": "!"}"#, "invalid-value", "image"),
    (#"{"image": "bm8gcGljdHVyZQ=="}"#, "unsupported-format", "image"),
    (#"{"text": "a", "where": "yaer = 1"}"#, "unknown-field", "where"),
    (#"{"text": "a", "where": "year ="}"#, "where-syntax", nil),
    (#"{"text": "a", "rerank": {"model": "/etc/passwd"}}"#, "invalid-value", "rerank.model"),
    (#"{"terms": [{"text": "a", "weight": 0}]}"#, "invalid-value", nil),
    (#"{"text": "a", "offset": 1, "diversity": 0.5}"#, "unsupported", "offset"),
  ]

  @Test func `what is no search is refused by name`() async throws {
    try await ServedBench.inNewFolder { served in
      for (body, code, parameter) in Self.refused {
        let refusal = try await served.refusal("POST", "/v1/search", body)
        #expect(refusal.code == code, "\(body.prefix(80))")
        if let parameter { #expect(refusal.parameter == parameter, "\(body.prefix(80))") }
        #expect((400..<500).contains(refusal.status), "\(body.prefix(80))")
      }
      let unknown = try await served.refusal("GET", "/v1/items/c/a/neighbours?tpo=3")
      #expect(unknown.code == "unknown-member")
      #expect(try await served.refusal("GET", "/v1/items/c/a/neighbours?top=x").parameter == "top")
      #expect(
        try await served.refusal("GET", "/v1/items/c/a/neighbours?top=1&top=2").code
          == "bad-request")
      #expect(
        try await served.refusal("GET", "/v1/items/c/a/thumbnail?side=99999").parameter == "side")
    }
  }

  @Test func `only items of collections that are served are reached, by id`() async throws {
    try await ServedBench.inNewFolder { served in
      for path in [
        "/v1/items/other/a", "/v1/items/other/a/original", "/v1/items/c/none",
        "/v1/items/c/..%2f..%2fetc%2fpasswd/original", "/v1/items/c/%2e%2e/original",
        "/v1/items/c/in%2Fa.jpg/original", "/v1/items/%2Fetc/passwd/original",
        "/v1/items/c/a.jpg/original", "/v1/collections/other/fields", "/v1/items/c//original",
        "/v1/items/c/%5C..%5C..%5Cetc/thumbnail",
      ] {
        let refusal = try await served.refusal("GET", path)
        #expect(refusal.status == 404, "\(path)")
      }
      #expect(try await served.refusal("GET", "/v1/search").code == "wrong-method")
      #expect(try await served.refusal("DELETE", "/v1/items/c/a").status == 405)
      #expect(try await served.refusal("OPTIONS", "/v1/search").status == 405)
      #expect(try await served.refusal("GET", "/etc/passwd").code == "not-found")
    }
  }

  @Test func `pictures are those that were ingested`() async throws {
    try await ServedBench.inNewFolder { served in
      let small = await served.ask("GET", "/v1/items/c/a/thumbnail?side=160")
      #expect(small.status == 200)
      #expect(small.body.starts(with: [0xFF, 0xD8, 0xFF]))
      let tag = try #require(small.fields.first { $0.name == "ETag" }?.value)
      let unchanged = await served.ask(
        "GET", "/v1/items/c/a/thumbnail?side=160", "", [.init("If-None-Match", tag)])
      #expect(unchanged.status == 304)
      let whole = await served.ask("GET", "/v1/items/c/a/original")
      #expect(whole.body == (try TestFiles.bytes(of: Self.mug)))
      #expect(whole.fields.first { $0.name == "Content-Type" }?.value == "image/jpeg")
      try TestFiles.write("another file", to: served.folder + "/in/a.jpg")
      for part in ["original", "thumbnail"] {
        let response = await served.ask("GET", "/v1/items/c/a/\(part)")
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(response.status == 409, "\(text)")
        #expect(!text.contains(served.folder))
      }
      // What was made of the picture before is still what was ingested.
      #expect(await served.ask("GET", "/v1/items/c/a/thumbnail?side=160").status == 200)
      TestFiles.remove(served.folder + "/in/b.jpg")
      let gone = await served.ask("GET", "/v1/items/c/b/original")
      #expect(gone.status == 404)
      #expect(!String(decoding: gone.body, as: UTF8.self).contains(served.folder))
    }
  }

  @Test func `a picture that is sent asks, and joins nothing`() async throws {
    try await ServedBench.inNewFolder { served in
      let bytes = try TestFiles.bytes(of: Self.mug)
      let response = await served.send("POST", "/v1/uploads", bytes, type: "image/jpeg")
      let upload = try JSONValue(parsing: response.body)
      try Shape.uploadAnswer.check(upload)
      let id = try #require(upload["upload"]?.string)
      let found = try await served.json("POST", "/v1/search", "{\"upload\": \"\(id)\"}")
      #expect(found.ids.first == "a")
      #expect(found["command"]?.string == "query c@base --image FILE --top 20")
      let inline = try await served.json(
        "POST", "/v1/search", "{\"image\": \"\(Base64.text(of: bytes))\", \"exclude_own\": true}")
      #expect(!inline.ids.contains("a"))
      let picture = await served.ask("GET", "/v1/uploads/\(id)/thumbnail")
      #expect(picture.body.starts(with: [0xFF, 0xD8, 0xFF]))
      let gate = try await served.json(
        "POST", "/v1/gate", "{\"upload\": \"\(id)\", \"max_score\": 0.9}")
      #expect(gate["decision"]?.string == "reject")
      #expect(gate["matches"]?.elements?.first?["same_bytes"]?.boolean == true)
      #expect(try served.bench.workspace.items(in: served.service.collection("c")).count == 3)
      for (body, type, status) in [
        (Array("no picture".utf8), "image/png", 422), ([], "image/png", 422),
        (bytes, "text/html", 415),
        ([UInt8](repeating: 0, count: 200_000), "image/png", 413),
      ] {
        let refused = await served.send("POST", "/v1/uploads", body, type: type)
        #expect(refused.status == status)
        #expect(!String(decoding: refused.body, as: UTF8.self).contains("/parallax-"))
      }
      #expect(try await served.refusal("GET", "/v1/uploads/none/thumbnail").status == 404)
    }
  }

  @Test(.enabled(if: TestData.root != nil, "\(TestData.comment)"))
  func `odd pictures are taken or refused, and nothing else`() async throws {
    let folder = try #require(TestData.root) + "/odd/"
    try await ServedBench.inNewFolder(uploadBytes: 20_000_000) { served in
      var statuses: Set<Int> = []
      for part in ["appledouble", "exif_orientation", "fuzz", "image_rs", "pillow"] {
        for name in TestFiles.names(in: folder + part, endingWith: "").prefix(12) {
          guard let bytes = try? TestFiles.bytes(of: folder + part + "/" + name), !bytes.isEmpty,
            bytes.count < 2_000_000
          else { continue }
          let sent = await served.send("POST", "/v1/uploads", bytes, type: "image/jpeg")
          statuses.insert(sent.status)
          #expect([200, 413, 422].contains(sent.status), "\(part)/\(name): \(sent.status)")
          guard sent.status == 200,
            let id = try JSONValue(parsing: sent.body)["upload"]?.string
          else { continue }
          let asked = await served.ask("POST", "/v1/search", "{\"upload\": \"\(id)\"}")
          #expect([200, 400, 413, 422].contains(asked.status), "\(part)/\(name): \(asked.status)")
        }
      }
      #expect(statuses.contains(200) && statuses.contains(422))
    }
  }

  @Test func `hostile names and captions are texts, and lead back to their items`() async throws {
    try await ServedBench.inNewFolder { served in
      try served.makeHostile()
      let response = await served.ask("POST", "/v1/search", #"{"text": "a red mug", "top": 3}"#)
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(!text.contains("\u{202E}") && !text.contains("\u{2028}") && !text.contains("\r"))
      let hits = try #require(try JSONValue(parsing: response.body)["hits"]?.elements)
      let hit = try #require(hits.first { $0["id"]?.string == ServedBench.hostile })
      #expect(hit["fields"]?["caption"]?.string == ServedBench.hostile)
      let link = try #require(hit["links"]?["item"]?.string)
      #expect(link.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x3C })
      let item = try await served.json("GET", link)
      #expect(item["text"]?.string == ServedBench.hostile)
      #expect(await served.ask("GET", link + "/thumbnail").status == 200)
    }
  }

  @Test func `two spaces are compared by rank`() async throws {
    try await ServedBench.inNewFolder { served in
      let answer = try await served.json(
        "POST", "/v1/compare", #"{"search": {"text": "a shoe", "top": 2}, "with": "c@turned"}"#)
      let first = try #require(answer["first"]).ids
      let second = try #require(answer["second"]).ids
      #expect(answer["second"]?["space"]?.string == "c@turned")
      #expect(first != second)
      #expect(answer["shared"]?.integer == Set(first).intersection(second).count)
      let moves = try #require(answer["moves"]?.elements)
      #expect(Set(moves.compactMap { $0["id"]?.string }) == Set(first + second))
      for move in moves {
        let id = move["id"]?.string ?? ""
        #expect(move["first"]?.integer == first.firstIndex(of: id).map { $0 + 1 })
        #expect(move["second"]?.integer == second.firstIndex(of: id).map { $0 + 1 })
      }
    }
  }

  @Test func `spaces of different collections are not compared, even where ids are the same`()
    async throws
  {
    try await ServedBench.inNewFolder(servesOther: true) { served in
      let refusal = try await served.refusal(
        "POST", "/v1/compare", #"{"search": {"text": "a shoe"}, "with": "other@base"}"#)
      #expect(refusal == (400, "unsupported", "with"))
      let alone = try await served.json(
        "POST", "/v1/search", #"{"text": "a shoe", "space": "other@base"}"#)
      #expect(alone.ids.first == "b")
    }
  }

  @Test func `a link lets in, and without a token nothing is told`() async throws {
    let gate = try TokenGate(token: "correct-horse-battery", cookie: "p")
    try await ServedBench.inNewFolder(token: gate) { served in
      #expect(await served.ask("GET", "/healthz").status == 200)
      for path in ["/", "/metrics", "/openapi.json", "/v1/collections", "/v1/items/c/a/original"] {
        #expect(await served.ask("GET", path).status == 401, "\(path)")
      }
      #expect(await served.ask("GET", "/?token=guess").status == 401)
      let let_in = await served.ask("GET", "/?token=\(gate.linkToken)")
      #expect(let_in.status == 200)
      let cookie = try #require(let_in.fields.first { $0.name == "Set-Cookie" }?.value)
      let shown = RequestHead.Field("Cookie", String(cookie.prefix { $0 != ";" }))
      #expect(await served.ask("GET", "/v1/collections", "", [shown]).status == 200)
      let bearer = RequestHead.Field("Authorization", "Bearer correct-horse-battery")
      #expect(await served.ask("GET", "/v1/collections", "", [bearer]).status == 200)
    }
  }

  @Test func `a body of many values is refused at once`() {
    let names = (0..<200_000).map { "\"n\($0)\":0" }.joined(separator: ",")
    let zeros = String(repeating: "0,", count: 200_000)
    for body in ["{\(names)}", "{\"text\":[\(zeros)0]}"] {
      let error = #expect(throws: ParallaxError.self) { try JSONValue(parsing: Array(body.utf8)) }
      #expect(error?.message.contains("more than 10000 values") == true)
    }
  }

  @Test func `what was answered is counted`() async throws {
    try await ServedBench.inNewFolder { served in
      _ = await served.ask("GET", "/v1/items/c/a")
      _ = await served.ask("GET", "/v1/items/c/none\u{22}")
      _ = await served.ask("BREW", "/v1/search")
      let text = String(decoding: await served.ask("GET", "/metrics").body, as: UTF8.self)
      for line in [
        #"parallax_http_requests_total{route="/v1/items/{collection}/{id}",method="GET",status="200"} 1"#,
        #"parallax_http_requests_total{route="/v1/items/{collection}/{id}",method="GET",status="404"} 1"#,
        #"parallax_http_requests_total{route="none",method="other",status="405"} 1"#,
        #"parallax_http_request_seconds_bucket{route="/v1/items/{collection}/{id}",le="+Inf"} 2"#,
        #"parallax_items{collection="c"} 3.0"#,
      ] {
        #expect(text.split(separator: "\n").contains { $0 == line }, "\(line)")
      }
    }
  }
}
