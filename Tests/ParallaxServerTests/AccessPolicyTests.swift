import ParallaxCore
import Testing

@testable import ParallaxServer

@Suite struct AccessPolicyTests {
  private static func head(
    _ fields: KeyValuePairs<String, String>, method: String = "GET", target: String = "/",
    by client: String = "192.0.2.1"
  ) -> RequestHead {
    RequestHead(
      method: method, target: target,
      fields: fields.map { RequestHead.Field($0.key, $0.value) }, client: client)
  }

  private static func status(
    _ policy: AccessPolicy, _ fields: KeyValuePairs<String, String>, method: String = "GET"
  ) -> Int {
    policy.refusal(of: head(fields, method: method), isOpen: false)?.status ?? 200
  }

  static let hosts: [(host: String, status: Int)] = [
    ("localhost", 200), ("localhost:8080", 200), ("LOCALHOST.:1", 200), ("127.0.0.1:9", 200),
    ("[::1]:8080", 200), ("evil.example", 421), ("evil.example:8080", 421),
    ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421), ("192.0.2.7", 421),
    ("", 400), ("a b", 400), ("localhost:80:90", 400), ("[::1", 400), ("localhost/x", 400),
  ]

  @Test(arguments: hosts)
  func `a server on loopback has the names of loopback`(host: String, status: Int) throws {
    let policy = AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 8080))
    #expect(Self.status(policy, ["Host": host]) == status)
  }

  @Test func `a request without a host, or with two, is refused`() throws {
    let policy = AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 1))
    #expect(Self.status(policy, [:]) == 400)
    #expect(Self.status(policy, ["Host": "localhost", "host": "evil.example"]) == 400)
  }

  @Test func `a server on every address takes addresses, and the names it was told`() throws {
    let policy = AccessPolicy(
      of: try ServerAddress(host: "0.0.0.0", port: 1), names: ["Photos.example.org"])
    #expect(Self.status(policy, ["Host": "192.0.2.7:8080"]) == 200)
    #expect(Self.status(policy, ["Host": "[2001:db8::1]"]) == 200)
    #expect(Self.status(policy, ["Host": "photos.example.org"]) == 200)
    #expect(Self.status(policy, ["Host": "evil.example"]) == 421)
    #expect(Self.status(policy, ["Host": "1.2.3.4.example"]) == 421)
  }

  static let sites: [(fields: [String: String], method: String, status: Int)] = [
    (["Origin": "http://localhost:8080"], "POST", 200),
    (["Origin": "http://localhost"], "POST", 403), (["Origin": "null"], "POST", 403),
    (["Origin": "http://evil.example"], "POST", 403), ([:], "POST", 200),
    (["Origin": "http://localhost:8080", "Sec-Fetch-Site": "cross-site"], "POST", 403),
    (["Sec-Fetch-Site": "same-origin"], "GET", 200), (["Sec-Fetch-Site": "none"], "GET", 200),
    (["Sec-Fetch-Site": "cross-site"], "GET", 403),
    (
      [
        "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
        "Sec-Fetch-User": "?1",
      ], "GET", 200
    ),
    // A page that a script opens, and a frame.
    (
      [
        "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document",
      ], "GET", 403
    ),
    (
      [
        "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe",
        "Sec-Fetch-User": "?1",
      ], "GET", 403
    ),
    (["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"], "POST", 403),
  ]

  @Test(arguments: sites)
  func `pages of other sites do not ask`(
    fields: [String: String], method: String, status: Int
  ) throws {
    let policy = AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 8080))
    let head = RequestHead(
      method: method, target: "/",
      fields: [.init("Host", "localhost:8080")]
        + fields.map { RequestHead.Field($0.key, $0.value) })
    #expect((policy.refusal(of: head, isOpen: false)?.status ?? 200) == status)
  }

  @Test func `a token lets in, and guesses are limited`() throws {
    let token = "correct-horse-battery"
    let gate = try TokenGate(token: token, cookie: "parallax_1")
    let policy = AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 1), token: gate)
    #expect(Self.status(policy, ["Host": "localhost"]) == 401)
    #expect(Self.status(policy, ["Host": "localhost", "Authorization": "Bearer \(token)"]) == 200)
    #expect(Self.status(policy, ["Host": "localhost", "Cookie": "parallax_1=\(token)"]) == 401)
    #expect(policy.refusal(of: Self.head(["Host": "localhost"]), isOpen: true) == nil)
    let guesses = (0..<20).map { number in
      Self.status(policy, ["Host": "localhost", "Authorization": "Bearer guess-\(number)"])
    }
    #expect(guesses == Array(repeating: 401, count: 10) + Array(repeating: 429, count: 10))
    // Who has guessed too often is not told that this one is right; others know it.
    let right: KeyValuePairs = ["Host": "localhost", "Authorization": "Bearer \(token)"]
    #expect(Self.status(policy, right) == 429)
    #expect(policy.refusal(of: Self.head(right, by: "192.0.2.9"), isOpen: false) == nil)
  }

  @Test func `a right token counts as no guess`() throws {
    let gate = try TokenGate(token: "correct-horse-battery", cookie: "p")
    let policy = AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 1), token: gate)
    for _ in 0..<50 {
      #expect(
        Self.status(
          policy, ["Host": "localhost", "Authorization": "Bearer correct-horse-battery"]) == 200)
    }
  }

  @Test func `a link lets in once and gives a cookie`() throws {
    let gate = try TokenGate(token: nil, cookie: "parallax_1")
    let policy = AccessPolicy(of: try ServerAddress(host: "127.0.0.1", port: 1), token: gate)
    let link = gate.linkToken
    let (response, wasLink) = gate.redeem(link, by: "a")
    #expect(wasLink)
    #expect(response.status == 200)
    #expect(String(decoding: response.body, as: UTF8.self).contains("content=\"0;url=/\""))
    let fields = response.allFields
    // In a sandbox the page would be of no site, and bring no cookie.
    let rules = fields.filter { $0.name == "Content-Security-Policy" }.map(\.value)
    #expect(rules == ["default-src 'none'; frame-ancestors 'none'"])
    let cookie = try #require(fields.first { $0.name == "Set-Cookie" }?.value)
    #expect(cookie.hasSuffix("; Path=/; HttpOnly; SameSite=Strict"))
    let pair = String(cookie.prefix { $0 != ";" })
    #expect(Self.status(policy, ["Host": "localhost", "Cookie": "other=1; \(pair)"]) == 200)
    #expect(gate.redeem(link, by: "a").0.status == 401)
    #expect(gate.linkToken != link)
    #expect(gate.redeem(gate.linkToken, by: "a").wasLink)
  }

  @Test func `one client's requests do not use up another's`() {
    let limiter = ClientLimiter(rate: 2, burst: 3)
    let start = ContinuousClock.now
    #expect(
      (0..<5).map { _ in limiter.admits("a", at: start) } == [true, true, true, false, false])
    #expect(limiter.admits("b", at: start))
    #expect(!limiter.admits("a", at: start + .milliseconds(400)))
    #expect(limiter.admits("a", at: start + .milliseconds(1_100)))
    for number in 0..<20_000 { _ = limiter.admits("c\(number)", at: start) }
    #expect(limiter.admits("a", at: start + .seconds(60)))
  }

  @Test func `fields of a request`() {
    let head = Self.head([
      "Content-Type": " Application/JSON ; charset=utf-8", "Cookie": "a=1;b = 2 ;c=x=y",
    ])
    #expect(head.contentType == "application/json")
    #expect(head.cookie("a") == "1")
    #expect(head.cookie("b") == "2")
    #expect(head.cookie("c") == "x=y")
    #expect(head.cookie("d") == nil)
  }
}
