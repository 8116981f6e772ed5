import Testing

@testable import ParallaxHTTP

@Suite struct RedactorTests {
  private static let key = "Qr7-9z_QxW7kLm2Np4Rt6Uv8Wy0Za1Bc3De"
  private static let redactor = Redactor([Secret(key), Secret("hunter2")])

  /// Spelled by Python's base64, bytes.hex and string formatting.
  private static let spellings: [(name: String, text: String)] = [
    (
      "upper percent",
      #"%51%72%37%2D%39%7A%5F%51%78%57%37%6B%4C%6D%32%4E%70%34%52%74%36%55%76%38%57%79%30%5A%61%31%42%63%33%44%65"#
    ),
    (
      "lower percent",
      #"%51%72%37%2d%39%7a%5f%51%78%57%37%6b%4c%6d%32%4e%70%34%52%74%36%55%76%38%57%79%30%5a%61%31%42%63%33%44%65"#
    ),
    (
      "percent twice",
      #"%2551%2572%2537%252D%2539%257A%255F%2551%2578%2557%2537%256B%254C%256D%2532%254E%2570%2534%2552%2574%2536%2555%2576%2538%2557%2579%2530%255A%2561%2531%2542%2563%2533%2544%2565"#
    ),
    (
      "JSON escapes",
      #"\u0051\u0072\u0037\u002d\u0039\u007a\u005f\u0051\u0078\u0057\u0037\u006b\u004c\u006d\u0032\u004e\u0070\u0034\u0052\u0074\u0036\u0055\u0076\u0038\u0057\u0079\u0030\u005a\u0061\u0031\u0042\u0063\u0033\u0044\u0065"#
    ),
    (
      "HTML entities",
      #"&#81;&#114;&#55;&#45;&#57;&#122;&#95;&#81;&#120;&#87;&#55;&#107;&#76;&#109;&#50;&#78;&#112;&#52;&#82;&#116;&#54;&#85;&#118;&#56;&#87;&#121;&#48;&#90;&#97;&#49;&#66;&#99;&#51;&#68;&#101;"#
    ),
    ("hexadecimal", #"5172372d397a5f517857376b4c6d324e70345274365576385779305a61314263334465"#),
    ("base64", #"UXI3LTl6X1F4VzdrTG0yTnA0UnQ2VXY4V3kwWmExQmMzRGU="#),
    ("base64 behind 1", #"OlFyNy05el9ReFc3a0xtMk5wNFJ0NlV2OFd5MFphMUJjM0RldGFpbA=="#),
    ("base64 behind 2", #"dTpRcjctOXpfUXhXN2tMbTJOcDRSdDZVdjhXeTBaYTFCYzNEZQ=="#),
    ("base64 for addresses", #"dXNlcj8-UXI3LTl6X1F4VzdrTG0yTnA0UnQ2VXY4V3kwWmExQmMzRGU="#),
  ]

  private static let parts: [(name: String, text: String)] = [
    ("lower case", key.lowercased()), ("upper case", key.uppercased()),
    ("across lines", "\(key.prefix(20))\n  \(key.dropFirst(20))"),
    ("across escaped lines", "\(key.prefix(9))\\n\(key.dropFirst(9))"),
    ("the first half", String(key.prefix(18))), ("the last twelve", String(key.suffix(12))),
    ("a part between", String(key.dropFirst(5).prefix(15))),
  ]

  @Test(arguments: spellings + parts)
  func `a key is dots in every spelling`(name: String, spelled: String) {
    let shown = Self.redactor.redacted("the key '\(spelled)' is wrong")
    #expect(shown == "the key '•••' is wrong" || shown.count < 40, "\(name): \(shown)")
    for start in spelled.indices.dropLast(9) {
      let part = spelled[start...].prefix(10)
      #expect(!shown.contains(part), "\(name) shows \(part)")
    }
  }

  @Test func `what finds secrets shows none itself`() {
    for shown in ["\(Self.redactor)", String(reflecting: Self.redactor), "\(Secret(Self.key))"] {
      #expect(shown.contains("•••") || shown.hasPrefix("Redactor"))
      #expect(!shown.contains("Qr7") && !shown.contains("104"))
    }
    var dumped = ""
    dump(Self.redactor, to: &dumped)
    #expect(!dumped.contains("needles") && !dumped.contains("113"))
  }

  @Test func `what is no secret stays as it is`() {
    for text in [
      "", "a hunter is", "a hunt for 2", "100% of 20 %41", "\\u0041 & &#65; \\", "Qr7-9z_Qx is",
      "https://example.org/a?page=2&size=10", "mail bob@example.org // see @alice",
    ] {
      #expect(Self.redactor.redacted(text) == text)
    }
    #expect(Redactor([Secret(""), Secret("abc")]).redacted("abc") == "abc")
  }

  @Test(arguments: [0, 1, 150, 161, 165, 199, 200, 235, 239, 240, 241])
  func `a text is cut only when its secrets are out of it`(padding: Int) {
    let text =
      String(repeating: "x", count: padding) + Self.key + String(repeating: "y", count: 300)
    for longest in [200, 240] {
      let shown = Self.redactor.shown(text, longest: longest)
      #expect(shown.count <= longest)
      for start in Self.key.indices.dropLast(3) {
        #expect(!shown.contains(Self.key[start...].prefix(4)), "\(shown)")
      }
    }
  }

  @Test func `the beginning of a key at the end of a text is dots, too`() {
    #expect(Self.redactor.redacted("got Qr7-9z_Q") == "got •••")
    #expect(Self.redactor.redacted("got hunter2") == "got •••")
  }

  @Test(arguments: [
    ("cannot reach http://bob:hunter9@host:80/x", "cannot reach http://•••@host:80/x"),
    ("proxy 'socks9://u:p@proxy:1'", "proxy 'socks9://•••@proxy:1'"),
    ("at /v1?key=abcdef&page=2", "at /v1?key=•••&page=2"),
    ("at /v1?a=1&access_token=abc.def'", "at /v1?a=1&access_token=•••'"),
    ("at /v1?X-Amz-Signature=0f0f#x", "at /v1?X-Amz-Signature=•••#x"),
  ])
  func `addresses in texts lose their logins and keys`(text: String, shown: String) {
    #expect(Redactor([]).redacted(text) == shown)
  }

  @Test func `an address is shown without its login and the values of its query`() {
    let address = "http://bob:hunter2@host:8080/v1?key=abcdefgh&version=2"
    #expect(Address.shown(address) == "http://•••@host:8080/v1?key=•••&version=•••")
    #expect(Address.host(of: address) == "host:8080")
    #expect(
      Address.appending("/embed", to: address)
        == "http://bob:hunter2@host:8080/v1/embed?key=abcdefgh&version=2")
    #expect(Address.appending("/embed", to: "http://h/v1/") == "http://h/v1/embed")
    let request = HTTPRequest(url: address)
    let secrets = request.secrets.map { $0.revealed() }
    #expect(Set(secrets) == ["bob:hunter2", "hunter2", "abcdefgh"])
    #expect(request.host == "host:8080")
  }
}
