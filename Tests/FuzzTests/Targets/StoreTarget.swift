@testable import ParallaxSources
@testable import ParallaxText

/// What stores answer, and addresses that servers redirect to.
enum StoreTarget: FuzzTarget {
  static let name = "stores"
  static let repeats: [Repetition] = [
    ("", "<a>", ""), ("<a>", "&amp;", "</a>"), ("<a>", "&", "</a>"), ("<a", " b", "></a>"),
    ("<ListBucketResult>", "<Contents><Key>%41</Key></Contents>", "</ListBucketResult>"),
    ("", "<?x?>", ""), ("https://h/?", "a=b&", ""), ("https://h/", "%", ""), ("[", "a", "]"),
    ("[a]\n", "b =\n", ""), ("[a]\ns3 =\n", " b = c\n", ""),
  ]

  static func run(_ bytes: [UInt8]) throws {
    if let page = try ErrorPromise.reading({ try ObjectPage(bytes, of: "s3://bucket") }) {
      try expect(page.next?.isEmpty != true, "a next page without a name")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if let sections = StoreProfile.settings(in: text) {
      try expect(
        sections.values.allSatisfy { $0.keys.allSatisfy { $0 == $0.lowercased() } },
        "a name with capitals")
    }
    guard let address = try? WebAddress(text) else { return }
    try expect(!address.host.isEmpty && !address.host.contains("@"), "an address without a host")
    try expect(
      (try? WebAddress(address.whole))?.whole == address.whole, "an address read differently")
    try expect(
      (try? WebAddress(address.shown))?.shown == address.shown, "what is shown is hidden again")
  }
}
