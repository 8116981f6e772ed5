import Testing

@testable import ParallaxText

@Suite struct WebAddressTests {
  @Test(arguments: [
    ("https://Example.org", "https://example.org/"),
    ("HTTP://example.org:80/a/../b?c=d#e", "http://example.org:80/a/../b?c=d"),
    ("https://example.org/\u{e9}.jpg", "https://example.org/%C3%A9.jpg"),
    ("https://example.org/%C3%A9.jpg?x=%20", "https://example.org/%C3%A9.jpg?x=%20"),
    ("http://[::1]:8/", "http://[::1]:8/"),
  ])
  func `addresses`(text: String, whole: String) throws {
    let address = try WebAddress(text)
    #expect(address.whole == whole && address.shown == whole && !address.holdsSecret)
  }

  @Test(arguments: [
    (
      "https://h/a?X-Amz-Algorithm=A&X-Amz-Credential=c&X-Amz-Signature=s&w=1",
      "https://h/a?X-Amz-Algorithm=hidden&X-Amz-Credential=hidden&X-Amz-Signature=hidden&w=1"
    ),
    ("https://h/a?sv=1&sig=s&v=2", "https://h/a?sv=hidden&sig=hidden&v=2"),
    (
      "https://h/a?Expires=9&Signature=s&token", "https://h/a?Expires=hidden&Signature=hidden&token"
    ),
    ("https://h/a?access_token=s", "https://h/a?access_token=hidden"),
    ("https://h/a?Policy=p&Key-Pair-Id=k", "https://h/a?Policy=hidden&Key-Pair-Id=hidden"),
  ])
  func `what may be a key is kept apart`(text: String, shown: String) throws {
    let address = try WebAddress(text)
    #expect(address.whole == text && address.shown == shown && address.holdsSecret)
  }

  @Test(arguments: [
    ("file:///etc/passwd", WebAddress.Fault.scheme("file")), ("a.jpg", .scheme("")),
    ("ftp://x/y", .scheme("ftp")), ("https://", .noHost), ("https:///a", .noHost),
    ("https://:8/a", .noHost), ("https://u:p@h/", .login), ("https://u@h", .login),
    ("https://h/a b", .character), ("https://h/\r\nX: y", .character), ("https://h\\@i/", .login),
    ("https://h\\i/", .character), ("https://h/" + String(repeating: "a", count: 9_000), .length),
  ])
  func `what is none`(text: String, fault: WebAddress.Fault) {
    #expect(throws: fault) { try WebAddress(text) }
  }

  @Test func `references are resolved`() throws {
    let base = try WebAddress("https://h:1/a/b?c#d")
    for (reference, whole) in [
      ("x", "https://h:1/a/x"), ("/x", "https://h:1/x"), ("//i/x", "https://i/x"),
      ("?y", "https://h:1/a/b?y"), ("http://j/", "http://j/"), ("x/../y#z", "https://h:1/a/y"),
      ("../../../x?u=http://i/", "https://h:1/x?u=http://i/"), ("x/..", "https://h:1/a/"),
      ("./x?a=/../b", "https://h:1/a/x?a=/../b"), ("/x?u=http://i/", "https://h:1/x?u=http://i/"),
      (".", "https://h:1/a/"), ("x//y", "https://h:1/a/x//y"),
    ] {
      #expect(try base.resolving(reference).whole == whole)
    }
  }
}
